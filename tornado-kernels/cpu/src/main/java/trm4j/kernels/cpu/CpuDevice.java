package trm4j.kernels.cpu;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Schedule;

/**
 * The JVM's own processor: all its cores, with the Vector API. The same schedules on the same values give
 * the same bits, whatever the number of cores.
 */
final class CpuDevice implements Device {

    static final String NAME = "cpu";
    /** Of the Java heap, what buffers may take. */
    private static final double SHARE = 0.9;

    private final int threads;

    /** A device of as many threads as the JVM sees cores. */
    CpuDevice() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * A device of some threads.
     *
     * @param threads at least 1
     */
    CpuDevice(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
        this.threads = threads;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DeviceInfo info() {
        long memory = (long) (Runtime.getRuntime().maxMemory() * SHARE);
        var description = threads + (threads == 1 ? " thread, " : " threads, ") + VectorMath.SPECIES.vectorBitSize()
                + "-bit vectors";
        return new DeviceInfo(DeviceInfo.Kind.CPU, description, memory, memory, 0, Jvm.caution());
    }

    @Override
    public Optional<Device> withCores(int cores) {
        return Optional.of(new CpuDevice(cores));
    }

    @Override
    public boolean stores(ElementType type) {
        return type == ElementType.BF16 || Device.super.stores(type);
    }

    @Override
    public boolean compiles() {
        return false;
    }

    @Override
    public Plan plan(List<Schedule> schedules) {
        long buffers = Schedule.buffers(schedules).stream().mapToLong(Buffer::bytes).sum();
        return new CpuPlan(schedules, buffers + Kernels.scratchBytes(schedules, threads));
    }

    private final class CpuPlan implements Plan {

        private final List<Schedule> schedules;
        private final long bytes;

        CpuPlan(List<Schedule> schedules, long bytes) {
            this.schedules = schedules;
            this.bytes = bytes;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Execution open() {
            long capacity = info().capacity();
            if (bytes > capacity) {
                throw new DeviceException("Needs " + (bytes >> 20) + " MiB of memory but device cpu has "
                        + (capacity >> 20) + " MiB (of Java heap, set with -Xmx); take fewer puzzles at a time.");
            }
            var team = new Team(threads);
            try {
                return open(team);
            } catch (OutOfMemoryError e) {
                team.close();
                throw new DeviceException("Needs " + (bytes >> 20) + " MiB of memory, more than the Java heap has in "
                        + "one piece; take fewer puzzles at a time, or a larger heap (-Xmx).", e);
            } catch (RuntimeException | Error e) {
                team.close();
                throw e;
            }
        }

        private Execution open(Team team) {
            var memory = new Memory();
            Schedule.buffers(schedules).forEach(memory::allocate);
            var programs = new ProgramKernels(new Kernels(memory, team, schedules));
            Map<Schedule, Step[]> steps = new IdentityHashMap<>();
            for (var schedule : schedules) {
                steps.put(schedule, steps(schedule, programs.of(schedule), memory));
            }
            return new CpuExecution(memory, team, steps);
        }
    }

    private static Step[] steps(Schedule schedule, Kernel[][] kernels, Memory memory) {
        var steps = new ArrayList<Step>();
        for (var call : schedule.calls()) {
            var values = new int[memory.cursors()];
            call.values().forEach((index, value) -> values[memory.cursor(index)] = value);
            steps.add(new Step(kernels[steps.size()], values));
        }
        return steps.toArray(Step[]::new);
    }

    private record Step(Kernel[] kernels, int[] values) {}

    private record CpuExecution(Memory memory, Team team, Map<Schedule, Step[]> steps) implements Execution {

        @Override
        public void run(Schedule schedule) {
            var compiled = steps.get(schedule);
            if (compiled == null) {
                throw new IllegalArgumentException(schedule.name() + " is none of the schedules this was compiled for");
            }
            for (var step : compiled) {
                for (var kernel : step.kernels) {
                    kernel.run(step.values);
                }
            }
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            if (memory.array(buffer) instanceof short[] numbers) {
                requireSize(buffer, values.length);
                Halves.narrow(values, 0, numbers, 0, values.length);
            } else {
                copy(values, values.length, (float[]) memory.array(buffer), buffer);
            }
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            copy(values, values.length, (int[]) memory.array(buffer), buffer);
        }

        private static void copy(Object values, int length, Object array, Buffer buffer) {
            requireSize(buffer, length);
            System.arraycopy(values, 0, array, 0, length);
        }

        private static void requireSize(Buffer buffer, int length) {
            if (length != buffer.size()) {
                throw new IllegalArgumentException(buffer + " takes " + buffer.size() + " values, found " + length);
            }
        }

        @Override
        public float[] floats(Buffer buffer) {
            if (memory.array(buffer) instanceof short[] numbers) {
                var values = new float[numbers.length];
                Halves.widen(numbers, 0, values, 0, values.length);
                return values;
            }
            return ((float[]) memory.array(buffer)).clone();
        }

        @Override
        public int[] ints(Buffer buffer) {
            return ((int[]) memory.array(buffer)).clone();
        }

        @Override
        public void close() {
            team.close();
        }
    }
}
