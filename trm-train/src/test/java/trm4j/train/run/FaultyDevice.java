package trm4j.train.run;

import java.util.Arrays;
import java.util.List;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Schedule;

/** A processor on which something happens before a step's gradients are computed. */
final class FaultyDevice {

    /** What happens. */
    @FunctionalInterface
    interface Fault {
        void strike(Execution execution, List<Schedule> schedules);
    }

    private FaultyDevice() {}

    static Device of(int step, Fault fault) {
        var device = TestDevices.cpu(2);
        return StandInDevice.before(
                device, schedules -> new FaultyExecution(device.open(schedules), schedules, step, fault));
    }

    /** A device that has something else than a number in a buffer before a step. */
    static Device poisoned(int step, String buffer, float value) {
        return of(step, (execution, schedules) -> {
            var poisoned = Schedule.buffers(schedules).stream().filter(b -> b.name().equals(buffer)).findFirst().get();
            var values = execution.floats(poisoned);
            Arrays.fill(values, value);
            execution.write(poisoned, values);
        });
    }

    private static final class FaultyExecution extends ForwardingExecution {

        private final List<Schedule> schedules;
        private final int step;
        private final Fault fault;
        private int steps;

        FaultyExecution(Execution execution, List<Schedule> schedules, int step, Fault fault) {
            super(execution);
            this.schedules = schedules;
            this.step = step;
            this.fault = fault;
        }

        @Override
        public void run(Schedule schedule) {
            if (schedule.name().equals("gradients") && ++steps == step) {
                fault.strike(execution, schedules);
            }
            super.run(schedule);
        }
    }
}
