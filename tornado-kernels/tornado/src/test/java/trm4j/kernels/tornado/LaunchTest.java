package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;

class LaunchTest {

    private static final int FROM = 0, TO = 1, N = 2, WIDTH = 3, END = 4;

    private final Tensor from = Buffer.floats("from", 6).all();
    private final Tensor to = Buffer.floats("to", 6).all();

    private static Launch end(Launch.Row row) {
        return row.on(Threads.of(6), _ -> { });
    }

    @Test
    void columnsStandInTheRowAsTheyAreNumbered() {
        var launch = end(Launch.of("copy", END).operand(FROM, from).operand(TO, to).size(N, 6).size(WIDTH, 3));
        assertEquals(List.of(from, to), launch.operands());
        assertEquals(List.of(6, 3), launch.sizes());
        assertEquals(16, launch.columns());
    }

    @Test
    void refusesAColumnThatIsMissing() {
        var row = Launch.of("copy", END).operand(FROM, from);
        assertEquals(
                "kernel copy: expected column 1, found column 2",
                assertThrows(IllegalArgumentException.class, () -> row.size(N, 6)).getMessage());
    }

    @Test
    void refusesARowWithoutItsLastColumn() {
        var row = Launch.of("copy", END).operand(FROM, from).operand(TO, to).size(N, 6);
        assertEquals(
                "kernel copy reads 4 columns, found 3 of them",
                assertThrows(IllegalArgumentException.class, () -> end(row)).getMessage());
    }

    @Test
    void refusesAColumnTwice() {
        var row = Launch.of("copy", END).operand(FROM, from);
        assertThrows(IllegalArgumentException.class, () -> row.operand(FROM, to));
    }

    @Test
    void refusesColumnsInAnotherOrder() {
        var row = Launch.of("copy", END);
        assertThrows(IllegalArgumentException.class, () -> row.operand(TO, to));
    }

    /** The table has the places of operands before all sizes. */
    @Test
    void refusesAnOperandAfterASize() {
        var row = Launch.of("copy", END).size(FROM, 6);
        assertThrows(IllegalArgumentException.class, () -> row.operand(TO, to));
    }
}
