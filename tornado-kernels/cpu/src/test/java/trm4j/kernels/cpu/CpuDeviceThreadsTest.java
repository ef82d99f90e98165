package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Fill;

@Isolated("counts the threads of all devices")
class CpuDeviceThreadsTest {

    /** Nobody may find buffers of a type for which there are no kernels half allocated, or threads left over. */
    @Test
    void refusesTypesThatItDoesNotComputeWithAndLeavesNoThreads() {
        var buffer = Buffer.of("halves", ElementType.F16, 3);
        var schedule = Schedule.named("fill").run(new Program("fill", new Fill(buffer.all(), 1))).build();
        var before = threads();
        var refusal = assertThrows(DeviceException.class, () -> new CpuDevice(5).open(List.of(schedule)));
        assertTrue(refusal.getMessage().contains("found F16 in buffer halves[3]"), refusal.getMessage());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (threads() > before) {
                Thread.sleep(10);
            }
        });
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cpu-device-"))
                .count();
    }
}
