package trm4j.kernels.tornado;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Precision;
import trm4j.kernels.device.Schedule;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/**
 * A device that TornadoVM compiles for: programs become task graphs, buffers stay on the device. The same
 * schedules on the same values give the same bits, on the same device.
 */
final class TornadoVmDevice implements Device {

    /** Of what there is, what buffers may take. */
    private static final double SHARE = 0.9;

    private final String name;
    private final TornadoDevice device;
    private final Precision precision;
    private final Supplier<KernelSets.Choice> kernels;
    private final Optional<TaskGraphs.Traffic> traffic;

    /** Makes a device, which chooses its kernels for each plan: a set that there is not hides no device. */
    TornadoVmDevice(String name, TornadoDevice device) {
        this(name, device, Precision.FLOAT32);
    }

    private TornadoVmDevice(String name, TornadoDevice device, Precision precision) {
        this(name, device, precision, () -> KernelSets.chosen(target(name, device, precision)), Optional.empty());
    }

    private TornadoVmDevice(
            String name, TornadoDevice device, Precision precision, Supplier<KernelSets.Choice> kernels,
            Optional<TaskGraphs.Traffic> traffic) {
        this.name = name;
        this.device = device;
        this.precision = precision;
        this.kernels = kernels;
        this.traffic = traffic;
    }

    private static KernelSets.Target target(String name, TornadoDevice device, Precision precision) {
        return new KernelSets.Target(name.replaceFirst(":.*", ""), isGpu(device), units(device), precision);
    }

    private static boolean isGpu(TornadoDevice device) {
        return device.getDeviceType() == TornadoDeviceType.GPU;
    }

    /** How many work-groups run at a time, roughly. */
    private static int units(TornadoDevice device) {
        return Math.max(1, device.getPhysicalDevice().getDeviceMaxComputeUnits());
    }

    /** The most threads of a work-group. */
    private int largestGroup() {
        var groups = device.getPhysicalDevice().getDeviceMaxWorkGroupSize();
        return groups.length == 0 ? 0 : (int) Math.min(groups[0], Integer.MAX_VALUE);
    }

    /** This device, with the kernels of another set. */
    TornadoVmDevice with(KernelSet others) {
        return new TornadoVmDevice(name, device, precision, () -> new KernelSets.Choice(others), traffic);
    }

    /** This device, with TornadoVM's profiler on to count what its executions move; slower. */
    TornadoVmDevice counting(TaskGraphs.Traffic traffic) {
        return new TornadoVmDevice(name, device, precision, kernels, Optional.of(traffic));
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Device withPrecision(Precision other) {
        var device = new TornadoVmDevice(name, this.device, other);
        if (other != Precision.FLOAT32) {
            device.kernels.get();
        }
        return device;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DeviceInfo info() {
        var physical = device.getPhysicalDevice();
        long memory = device.getMaxGlobalMemory();
        var choice = choice();
        return new DeviceInfo(
                isGpu(device) ? DeviceInfo.Kind.GPU : DeviceInfo.Kind.CPU,
                physical.getDeviceName().strip() + " through TornadoVM" + told(choice), memory,
                capacity(memory, physical.getDeviceMaxAllocationSize()), largestGroup(),
                choice.flatMap(KernelSets.Choice::caution));
    }

    /** A library that does the products, if one does. */
    private static String told(Optional<KernelSets.Choice> choice) {
        return choice.isPresent() && choice.get().kernels() instanceof LibraryKernels kernels
                ? ", products by " + kernels.library().description()
                : "";
    }

    /** What is chosen; nothing where the user names a set that there is not, which a plan will say. */
    private Optional<KernelSets.Choice> choice() {
        try {
            return Optional.of(kernels.get());
        } catch (DeviceException e) {
            return Optional.empty();
        }
    }

    /**
     * What fits the device's own memory, the largest piece of it that it gives away, a Java array, and the Java
     * heap, where TornadoVM wants a counterpart.
     */
    private static long capacity(long memory, long largestPiece) {
        long piece = Math.min(largestPiece, 4L * Buffer.LARGEST);
        return Math.min(piece, (long) (SHARE * Math.min(memory, Runtime.getRuntime().maxMemory())));
    }

    @Override
    public boolean stores(ElementType type) {
        return type == ElementType.BF16 || Device.super.stores(type);
    }

    @Override
    public Plan plan(List<Schedule> schedules) {
        var compilation = new Compilation(name, kernels.get().kernels(), schedules);
        return new Plan() {

            @Override
            public long bytes() {
                return compilation.bytes();
            }

            @Override
            public Execution open() {
                return TornadoVmDevice.this.open(compilation);
            }
        };
    }

    private Execution open(Compilation compilation) {
        long needed = compilation.bytes();
        long capacity = info().capacity();
        if (needed > capacity) {
            throw new DeviceException("Needs " + (needed >> 20) + " MiB of memory but device " + name + " has "
                    + (capacity >> 20) + " MiB in one piece (as much Java heap is needed, too: -Xmx); take fewer"
                    + " puzzles at a time.");
        }
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
        int most = largestGroup();
        if (launch.threads().group() > most) {
            throw new DeviceException("Device " + name + " runs at most " + most
                    + " threads in a work-group, but " + launch + " needs " + launch.threads().group()
                    + "; choose another device.");
        }
    }
}
