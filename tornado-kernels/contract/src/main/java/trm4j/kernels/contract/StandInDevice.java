package trm4j.kernels.contract;

import java.util.List;
import java.util.function.Function;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Schedule;

/**
 * A device that stands in for another in a test. It takes the buffers' bytes and nothing else.
 *
 * @param capacity bytes that one execution may take
 * @param rounds whether it takes bfloat16
 * @param open what becomes of schedules
 */
public record StandInDevice(
        String name, long capacity, boolean rounds, Function<List<Schedule>, Execution> open) implements Device {

    /** A device that takes all types that devices may. */
    public StandInDevice(String name, long capacity, Function<List<Schedule>, Execution> open) {
        this(name, capacity, true, open);
    }

    /** Returns a device that only says how much memory it has: nothing may be allocated on it. */
    public static StandInDevice ofCapacity(String name, long capacity) {
        return new StandInDevice(name, capacity, _ -> {
            throw new AssertionError("nothing may be allocated");
        });
    }

    /** Returns a device like another, with what its executions do changed. */
    public static StandInDevice before(Device device, Function<List<Schedule>, Execution> open) {
        return new StandInDevice(device.name(), device.info().capacity(), open);
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(DeviceInfo.Kind.CPU, name, capacity, capacity, 0);
    }

    @Override
    public boolean stores(ElementType type) {
        return rounds && type == ElementType.BF16 || Device.super.stores(type);
    }

    @Override
    public Plan plan(List<Schedule> schedules) {
        return new Plan() {

            @Override
            public long bytes() {
                return Schedule.buffers(schedules).stream().mapToLong(Buffer::bytes).sum();
            }

            @Override
            public Execution open() {
                return open.apply(schedules);
            }
        };
    }
}
