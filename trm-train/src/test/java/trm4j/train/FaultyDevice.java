package trm4j.train;

import java.util.Arrays;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.Execution;
import trm4j.kernels.Schedule;
import trm4j.kernels.cpu.CpuDevice;

/** A processor on which something happens before a step's gradients are computed. */
final class FaultyDevice implements Device {

    /** What happens. */
    @FunctionalInterface
    interface Fault {
        void strike(Execution execution, List<Schedule> schedules);
    }

    private final Device device = new CpuDevice(2);
    private final int step;
    private final Fault fault;

    FaultyDevice(int step, Fault fault) {
        this.step = step;
        this.fault = fault;
    }

    /** A device that has something else than a number in a buffer before a step. */
    static FaultyDevice poisoned(int step, String buffer, float value) {
        return new FaultyDevice(step, (execution, schedules) -> {
            var poisoned = Device.buffers(schedules).stream().filter(b -> b.name().equals(buffer)).findFirst().get();
            var values = execution.floats(poisoned);
            Arrays.fill(values, value);
            execution.write(poisoned, values);
        });
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public long memory() {
        return device.memory();
    }

    @Override
    public long scratch(List<Schedule> schedules) {
        return device.scratch(schedules);
    }

    @Override
    public Execution compile(List<Schedule> schedules) {
        return new FaultyExecution(device.compile(schedules), schedules);
    }

    private final class FaultyExecution implements Execution {

        private final Execution execution;
        private final List<Schedule> schedules;
        private int steps;

        FaultyExecution(Execution execution, List<Schedule> schedules) {
            this.execution = execution;
            this.schedules = schedules;
        }

        @Override
        public void run(Schedule schedule) {
            if (schedule.name().equals("gradients") && ++steps == step) {
                fault.strike(execution, schedules);
            }
            execution.run(schedule);
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            execution.write(buffer, values);
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            execution.write(buffer, values);
        }

        @Override
        public float[] floats(Buffer buffer) {
            return execution.floats(buffer);
        }

        @Override
        public int[] ints(Buffer buffer) {
            return execution.ints(buffer);
        }

        @Override
        public void close() {
            execution.close();
        }
    }
}
