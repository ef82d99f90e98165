package trm4j.kernels.own;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;

/** Another device, one operation at a time: refuses one that changes a buffer which it does not say it writes. */
record CheckedDevice(String name, DeviceInfo info, Device other) implements Device {

    @Override
    public Plan plan(List<Schedule> schedules) {
        var steps = new IdentityHashMap<Schedule, List<Schedule>>();
        schedules.forEach(s -> steps.put(s, s.calls().stream().flatMap(CheckedDevice::steps).toList()));
        var plan = other.plan(steps.values().stream().flatMap(List::stream).toList());
        return new Plan() {

            @Override
            public long bytes() {
                return plan.bytes();
            }

            @Override
            public Execution open() {
                if (bytes() > info.capacity()) {
                    throw new DeviceException("Needs " + (bytes() >> 20) + " MiB of memory but device " + name + " has "
                            + (info.capacity() >> 20) + " MiB; take fewer puzzles at a time.");
                }
                return new ForwardingExecution(plan.open()) {

                    @Override
                    public void run(Schedule schedule) {
                        if (!steps.containsKey(schedule)) {
                            throw new IllegalArgumentException(schedule.name() + " is none of the schedules");
                        }
                        steps.get(schedule).forEach(step -> check(step, Schedule.buffers(schedules), execution));
                    }
                };
            }
        };
    }

    /** A call's operations, each in a schedule of its own. */
    private static Stream<Schedule> steps(Schedule.Call call) {
        return call.program().operations().stream().map(operation -> {
            var step = Schedule.named(operation.name());
            call.values().forEach(step::with);
            return step.run(new Program(operation.name(), operation)).build();
        });
    }

    private static void check(Schedule step, Iterable<Buffer> buffers, Execution execution) {
        var before = new IdentityHashMap<Buffer, Object>();
        buffers.forEach(buffer -> before.put(buffer, values(buffer, execution)));
        execution.run(step);
        var operation = step.calls().getFirst().program().operations().getFirst();
        operation.writes().forEach(tensor -> before.remove(tensor.buffer()));
        before.forEach((buffer, values) -> {
            if (!Objects.deepEquals(values, values(buffer, execution))) {
                throw new IllegalStateException(operation + " changed " + buffer + ", which it does not write");
            }
        });
    }

    private static Object values(Buffer buffer, Execution execution) {
        return buffer.type() == ElementType.I32 ? execution.ints(buffer) : execution.floats(buffer);
    }
}
