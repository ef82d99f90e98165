package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.contract.TestDevices;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** What goes wrong on a device is told, and nothing is computed elsewhere; skipped where there is no TornadoVM. */
@EnabledIf(value = "hasDevice", disabledReason = "needs a TornadoVM SDK, named by TORNADOVM_HOME, with a device")
class TaskGraphsTest {

    static boolean hasDevice() {
        return TestDevices.firstTornado().isPresent();
    }

    /** No device has strings. */
    static void lengths(int[] ints) {
        for (@Parallel int i = 0; i < ints.length; i++) {
            ints[i] = String.valueOf(ints[i]).length();
        }
    }

    @Test
    void aKernelThatDoesNotCompileIsNamedWithItsShapesAndDevice() {
        var ints = new int[64];
        var graph = new TaskGraph("bad")
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, ints)
                .task("kernel0", TaskGraphsTest::lengths, ints)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, ints);
        var threads = Threads.of(ints.length);
        var grids = new GridScheduler("bad.kernel0", threads.grid());
        var launch = Launch.of("lengths", 1).operand(0, Buffer.ints("words", 8, 8).all()).on(threads, _ -> { });
        var device = TornadoRuntimeProvider.getTornadoRuntime().getDefaultDevice();
        try (var plan = new TaskGraphs("somewhere:0", device, List.of(graph), grids, Optional.empty())) {
            var failure = assertThrows(
                    DeviceException.class, () -> plan.execute(0, "program letters", List.of(launch)));
            assertTrue(
                    failure.getMessage().startsWith("Device somewhere:0 could not run program letters")
                            && failure.getMessage().contains("lengths [words[8x8]]"),
                    failure.getMessage());
        }
        assertTrue(ints[0] == 0, "computed on the JVM");
    }
}
