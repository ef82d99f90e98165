package trm4j.kernels.tornado;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Execution;
import trm4j.kernels.Schedule;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/**
 * A device that TornadoVM compiles for: programs become task graphs, buffers stay on the device. The same
 * schedules on the same values give the same bits, on the same device.
 */
public final class TornadoVmDevice implements Device {

    private final String name;
    private final TornadoDevice device;
    private final Traits traits;
    private final Optional<Traffic> traffic;

    TornadoVmDevice(String name, TornadoDevice device) {
        this(name, device, traits(device), Optional.empty());
    }

    private TornadoVmDevice(String name, TornadoDevice device, Traits traits, Optional<Traffic> traffic) {
        this.name = name;
        this.device = device;
        this.traits = traits;
        this.traffic = traffic;
    }

    private static Traits traits(TornadoDevice device) {
        var physical = device.getPhysicalDevice();
        var groups = physical.getDeviceMaxWorkGroupSize();
        return new Traits(
                device.getDeviceType() == TornadoDeviceType.GPU, Math.max(1, physical.getDeviceMaxComputeUnits()),
                groups.length == 0 ? 0 : (int) Math.min(groups[0], Integer.MAX_VALUE));
    }

    /** This device, with kernels cut as for another. */
    TornadoVmDevice cutFor(Traits others) {
        return new TornadoVmDevice(name, device, others, traffic);
    }

    /** This device, with TornadoVM's profiler on to count what its executions move; slower. */
    public TornadoVmDevice counting(Traffic traffic) {
        return new TornadoVmDevice(name, device, traits, Optional.of(traffic));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return device.getPhysicalDevice().getDeviceName().strip() + " through TornadoVM";
    }

    /** Whether it is a GPU, rather than a processor that runs kernels too. */
    public boolean isGpu() {
        return traits.gpu();
    }

    /** The most threads that one work-group may have. */
    public int largestGroup() {
        return traits.group();
    }

    /** Bytes of the device's own memory. */
    public long deviceMemory() {
        return device.getMaxGlobalMemory();
    }

    /**
     * What fits the device's own memory, the largest piece of it that it gives away, a Java array, and the Java
     * heap, where TornadoVM wants a counterpart.
     */
    @Override
    public long memory() {
        long piece = Math.min(device.getPhysicalDevice().getDeviceMaxAllocationSize(), 4L * Buffer.LARGEST);
        return Math.min(piece, (long) (0.9 * Math.min(deviceMemory(), Runtime.getRuntime().maxMemory())));
    }

    @Override
    public long scratch(List<Schedule> schedules) {
        long buffers = Device.buffers(schedules).stream().mapToLong(Buffer::bytes).sum();
        return compilation(schedules).bytes() - buffers;
    }

    @Override
    public Execution compile(List<Schedule> schedules) {
        long needed = footprint(schedules);
        if (needed > memory()) {
            throw new DeviceException("Needs " + (needed >> 20) + " MiB of memory but device " + name + " has "
                    + (memory() >> 20) + " MiB in one piece (as much Java heap is needed, too: -Xmx); take fewer"
                    + " puzzles at a time.");
        }
        var compilation = compilation(schedules);
        compilation.allLaunches().forEach(this::check);
        try {
            return new TornadoVmExecution(name, device, compilation, traffic);
        } catch (OutOfMemoryError e) {
            throw new DeviceException("Needs " + (needed >> 20) + " MiB of memory, more than the Java heap has in "
                    + "one piece; take fewer puzzles at a time, or a larger heap (-Xmx).", e);
        }
    }

    /** TornadoVM would run work-groups that are too large for the device in other sizes, with wrong results. */
    private void check(Launch launch) {
        if (launch.threads().group() > traits.group()) {
            throw new DeviceException("Device " + name + " runs at most " + traits.group()
                    + " threads in a work-group, but " + launch + " needs " + launch.threads().group()
                    + "; choose another device.");
        }
    }

    private Compilation compilation(List<Schedule> schedules) {
        return new Compilation(schedules, traits);
    }
}
