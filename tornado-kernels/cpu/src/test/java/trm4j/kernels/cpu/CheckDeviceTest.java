package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import trm4j.kernels.contract.CheckDevice;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.device.Schedule;

/** {@link CheckDevice}, on a device that computes and on one that does not. */
class CheckDeviceTest {

    private final CpuDevice cpu = new CpuDevice(1);
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void countsTheCasesThatPass() {
        assertEquals(0, CheckDevice.run(cpu, 0, new PrintStream(said)));
        assertTrue(said.toString().startsWith("1 of 1 cases pass on cpu; "), said.toString());
    }

    @Test
    void namesTheCasesThatFail() {
        var idle = StandInDevice.before(cpu, schedules -> new ForwardingExecution(cpu.open(schedules)) {
            @Override
            public void run(Schedule schedule) {}
        });
        assertEquals(1, CheckDevice.run(idle, 0, new PrintStream(said)));
        assertTrue(said.toString().startsWith("FAILED "), said.toString());
        assertTrue(said.toString().contains("0 of 1 cases pass on cpu; "), said.toString());
    }
}
