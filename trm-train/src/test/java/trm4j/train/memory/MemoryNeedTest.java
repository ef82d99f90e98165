package trm4j.train.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.TestDevices;

/** What is compared with what. */
class MemoryNeedTest {

    private static final long MIB = 1L << 20;
    private static final long ENOUGH = 400 * MIB;

    @Test
    void theWholeProcessMustFitWhatTheMachineHasFree() {
        assertEquals(Optional.empty(), MemoryNeed.shortage(() -> need(100 * MIB, 20 * MIB, ENOUGH)));
        assertEquals(
                Optional.of("take 100 MiB, 376 with the rest of the process, expected at most the 375 MiB that this"
                        + " machine has free"),
                MemoryNeed.shortage(() -> need(100 * MIB, 20 * MIB, 375 * MIB)));
    }

    @Test
    void theBuffersMustFitTheDevice() {
        long memory = TestDevices.cpu().info().capacity();
        var shortage = MemoryNeed.shortage(() -> need(memory + MIB, 0, Long.MAX_VALUE)).orElseThrow();
        assertTrue(shortage.matches("take [\\d,]+ MiB, expected at most the [\\d,]+ MiB of device cpu"), shortage);
    }

    @Test
    void anArrayMustBeOne() {
        var shortage = MemoryNeed.shortage(() -> need(Buffer.floats("large", 1 << 16, 1 << 16).bytes(), 0, ENOUGH));
        assertEquals(
                Optional.of("cannot be held: Buffer large [65536x65536] would hold 4,294,967,296 elements, expected at"
                        + " most 2,147,483,583"),
                shortage);
    }

    private static MemoryNeed need(long buffers, long copies, long free) {
        return new MemoryNeed(TestDevices.cpu(), buffers, copies, free);
    }
}
