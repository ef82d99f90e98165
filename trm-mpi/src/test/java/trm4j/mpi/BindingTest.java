package trm4j.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BindingTest {

    private static final Binding UNKNOWN = new Binding(0, 0);
    private static final Binding BOUND = new Binding(1, 64);
    private static final Binding FREE = new Binding(64, 64);

    @Test
    void ranksShareProcessorsThatAreNotDividedBetweenThem() {
        assertEquals(32, FREE.threads(2, 64));
        assertEquals(1, FREE.threads(3, 2));
        assertEquals(1, BOUND.threads(2, 1));
        assertEquals(16, new Binding(16, 64).threads(4, 16));
        assertEquals(4, UNKNOWN.threads(2, 8));
    }

    @Test
    void knowsWhetherThereIsAProcessorForEachRank() {
        assertTrue(FREE.areEnough(64, 64) && BOUND.areEnough(64, 1) && UNKNOWN.areEnough(2, 2));
        assertFalse(FREE.areEnough(65, 64) || UNKNOWN.areEnough(3, 2));
        assertFalse(FREE.areEnough(2, 1), "a container may use less than it sees");
    }

    @Test
    void saysWhereProcessorsAreLeftAlone() {
        assertEquals(Optional.empty(), FREE.remark(2));
        assertEquals(Optional.empty(), new Binding(1, 2).remark(2));
        assertEquals(Optional.empty(), UNKNOWN.remark(2));
        assertEquals(
                Optional.of("Each rank is bound to 1 of this machine's 64 processors; mpirun --map-by slot:PE=32 gives "
                        + "them all to the ranks."),
                BOUND.remark(2));
    }
}
