package trm4j.kernels.own;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.DeviceContract;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.CopyColumns;

/** A device of a module's own, found as users find it, keeps the contract. */
@Execution(ExecutionMode.CONCURRENT)
class CheckedDeviceTest extends DeviceContract {

    @Override
    protected Device device() {
        return Devices.named("checked");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#all")
    void computesWhatTheOtherDoesAndChangesNothingElse(OperationCase operation) {
        OperationRunner.checkSame(device(), TestDevices.cpu(1), operation, Placement.AT_AN_INDEX);
    }

    @Test
    void isListedWithItsFamily() {
        assertEquals(List.of("checked", "cpu"), Devices.providers().stream().map(p -> p.family()).toList());
    }

    @Test
    void refusesAnOperationThatChangesWhatItReads() {
        var from = Buffer.floats("from", 3);
        var copy = CopyColumns.all(from.all(), Buffer.floats("to", 3).all());
        var schedule = Schedule.named("copying").run(new Program("copy", copy)).build();
        try (var execution = CheckedProvider.watching(spoiling(from)).open(List.of(schedule))) {
            var refusal = assertThrows(IllegalStateException.class, () -> execution.run(schedule));
            assertEquals(copy + " changed from[3], which it does not write", refusal.getMessage());
        }
    }

    /** A cpu whose kernels write to a buffer that is none of their business. */
    private static Device spoiling(Buffer buffer) {
        return StandInDevice.before(TestDevices.cpu(1), schedules ->
                new ForwardingExecution(TestDevices.cpu(1).open(schedules)) {

                    @Override
                    public void run(Schedule schedule) {
                        super.run(schedule);
                        write(buffer, new float[] {1, 2, 3});
                    }
                });
    }
}
