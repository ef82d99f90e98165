package trm4j.kernels.cpu;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Execution;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;

/**
 * The JVM's own processor: all its cores, with the Vector API. The same schedules on the same values give
 * the same bits, whatever the number of cores.
 */
public final class CpuDevice implements Device {

    private final int threads;

    /** A device of as many threads as the JVM sees cores. */
    public CpuDevice() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * A device of some threads.
     *
     * @param threads at least 1
     */
    public CpuDevice(int threads) {
        this.threads = threads;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return threads + (threads == 1 ? " thread, " : " threads, ") + VectorMath.SPECIES.vectorBitSize()
                + "-bit vectors";
    }

    @Override
    public long memory() {
        return (long) (Runtime.getRuntime().maxMemory() * 0.9);
    }

    @Override
    public long scratch(List<Schedule> schedules) {
        return Kernels.scratchBytes(schedules, threads);
    }

    @Override
    public Execution compile(List<Schedule> schedules) {
        long needed = footprint(schedules);
        if (needed > memory()) {
            throw new DeviceException("Needs " + (needed >> 20) + " MiB of memory but device cpu has "
                    + (memory() >> 20) + " MiB (of Java heap, set with -Xmx); take fewer puzzles at a time.");
        }
        var memory = new Memory();
        try {
            Device.buffers(schedules).forEach(memory::allocate);
            var team = new Team(threads);
            var kernels = new Kernels(memory, team, schedules);
            Map<Program, Kernel[]> programs = new IdentityHashMap<>();
            Map<Schedule, Step[]> steps = new IdentityHashMap<>();
            for (var schedule : schedules) {
                for (var call : schedule.calls()) {
                    programs.computeIfAbsent(
                            call.program(), p -> p.operations().stream().map(kernels::of).toArray(Kernel[]::new));
                }
            }
            for (var schedule : schedules) {
                steps.put(schedule, steps(schedule, programs, memory));
            }
            return new CpuExecution(memory, team, steps);
        } catch (OutOfMemoryError e) {
            throw new DeviceException("Needs " + (needed >> 20) + " MiB of memory, more than the Java heap has in "
                    + "one piece; take fewer puzzles at a time, or a larger heap (-Xmx).", e);
        }
    }

    private static Step[] steps(Schedule schedule, Map<Program, Kernel[]> programs, Memory memory) {
        var steps = new ArrayList<Step>();
        for (var call : schedule.calls()) {
            var values = new int[memory.cursors()];
            call.values().forEach((index, value) -> values[memory.cursor(index)] = value);
            steps.add(new Step(programs.get(call.program()), values));
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
            copy(values, values.length, (float[]) memory.array(buffer), buffer);
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            copy(values, values.length, (int[]) memory.array(buffer), buffer);
        }

        private static void copy(Object values, int length, Object array, Buffer buffer) {
            if (length != buffer.size()) {
                throw new IllegalArgumentException(buffer + " takes " + buffer.size() + " values, found " + length);
            }
            System.arraycopy(values, 0, array, 0, length);
        }

        @Override
        public float[] floats(Buffer buffer) {
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
