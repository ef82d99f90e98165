package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever finds a kernel's faults must not hang on them. */
class WorkGroupsTest {

    private static final Threads TWO_GROUPS = Threads.rows(2, 8);

    @BeforeEach
    void skipBesideTornadoVm() {
        WorkGroups.skipBesideTornadoVm();
    }

    @Test
    void threadsOfAGroupShareMemoryAndMeetAtBarriers() {
        var turned = new int[16];
        WorkGroups.run(TWO_GROUPS, context -> {
            int[] shared = context.allocateIntLocalArray(8);
            shared[context.localIdx] = context.globalIdx;
            context.localBarrier();
            turned[context.globalIdx] = shared[7 - context.localIdx];
        });
        assertArrayEquals(IntStream.range(0, 16).map(i -> i / 8 * 8 + 7 - i % 8).toArray(), turned);
    }

    @Test
    void aThreadThatFailsIsToldWhileOthersWait() {
        var failure = assertThrows(IllegalStateException.class, () -> WorkGroups.run(TWO_GROUPS, context -> {
            if (context.localIdx == 3) {
                throw new ArrayIndexOutOfBoundsException("index 3");
            }
            context.localBarrier();
        }));
        assertTrue(failure.getCause() instanceof ArrayIndexOutOfBoundsException);
    }

    @Test
    void aBarrierThatSomeThreadsPassByIsTold() {
        assertThrows(IllegalStateException.class, () -> WorkGroups.run(TWO_GROUPS, context -> {
            if (context.localIdx < 4) {
                context.localBarrier();
            }
        }));
    }
}
