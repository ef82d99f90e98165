package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.tornado.KernelCaller.Kernel2;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * One execution plan: a task graph that brings the memory to the device, one for each of the {@link Chains} of
 * programs, and those of {@link Transfers}. Every graph takes the memory from the graph before it and leaves it where
 * it is.
 */
final class TornadoVmExecution implements Execution {

    private final String device;
    private final Compilation compilation;
    private final Transfers transfers;
    private final TaskGraphs plan;
    private final Map<Schedule, List<Chain>> chains = new IdentityHashMap<>();
    /** Where the device stands in the table of calls. */
    private final HostRow row;
    private int launched;

    /** A task graph of some programs, its kernels' number, and the columns that one run of it goes through. */
    private record Chain(int graph, String what, List<Launch> launches, int kernels, int columns) {}

    TornadoVmExecution(
            String name, TornadoDevice device, Compilation compilation, Optional<TaskGraphs.Traffic> traffic) {
        this.device = name;
        this.compilation = compilation;
        row = new HostRow(compilation.calls);
        var ints = compilation.firstInts();
        var floats = compilation.firstFloats();
        var grids = new GridScheduler();
        var all = new ArrayList<TaskGraph>();
        all.add(start(ints, floats, grids));
        var made = new IdentityHashMap<List<Program>, Chain>();
        for (var programs : compilation.chains.all()) {
            var chain = chain(all.size(), programs);
            made.put(programs, chain);
            all.add(graph(chain, ints, floats, grids));
        }
        for (var schedule : compilation.schedules) {
            chains.put(schedule, compilation.chains.of(schedule).stream().map(made::get).toList());
        }
        transfers = new Transfers(ints, floats, grids, all);
        plan = new TaskGraphs(name, device, all, grids, traffic);
        try {
            plan.execute(0, "its first kernel", List.of());
            launched = 1;
            for (var chain : made.values()) {
                plan.compile(chain.graph, chain.what, chain.launches);
            }
        } catch (Throwable e) {
            plan.closeAfter(e);
            throw e;
        }
    }

    private Chain chain(int graph, List<Program> programs) {
        var names = programs.stream().map(Program::name).collect(Collectors.joining(", "));
        var launches = programs.stream().flatMap(program -> compilation.launches.get(program).stream()).toList();
        int kernels = (int) launches.stream().filter(Launch::isKernel).count() + (goesOn(launches) ? 0 : 1);
        return new Chain(graph, "program " + names, launches, kernels, CallTable.width(launches));
    }

    /** Whether the device stands at the next row after some launches. */
    private static boolean goesOn(List<Launch> launches) {
        return !launches.isEmpty() && launches.getLast().goesOn();
    }

    /** Brings the memory to the device. */
    private static TaskGraph start(int[] ints, float[] floats, GridScheduler grids) {
        grids.addWorkerGrid("start.touch", Threads.alone(1).grid());
        return new TaskGraph("start")
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, ints, floats)
                .task("touch", (Kernel2<int[], float[]>) TornadoVmExecution::touch, ints, floats)
                .persistOnDevice(ints, floats);
    }

    /** Reads and writes, as far as TornadoVM can tell, which makes it bring both arrays. One thread. */
    static void touch(int[] ints, float[] f) {
        for (@Parallel int i = 0; i < 1; i++) {
            CallTable.count(ints, i);
            if (ints[CallTable.RAN] < 0) {
                f[0] = f[1];
            }
        }
    }

    private TaskGraph graph(Chain chain, int[] ints, float[] floats, GridScheduler grids) {
        var name = "program" + chain.graph;
        var graph = new TaskGraph(name).consumeFromDevice(ints, floats);
        var context = new KernelContext();
        int kernel = 0;
        for (var place : RowPlace.of(chain.launches)) {
            var launch = place.launch();
            var id = "kernel" + kernel++;
            launch.call().by(new TaskGraphCaller(graph, id, context, ints, place.at(), floats, row));
            if (launch.isKernel()) {
                grids.addWorkerGrid(name + "." + id, launch.threads().grid());
            }
        }
        if (!goesOn(chain.launches)) {
            graph.task("next", (Kernel2<int[], Integer>) CallTable::next, ints, chain.columns);
            grids.addWorkerGrid(name + ".next", Threads.alone(1).grid());
        }
        return graph.persistOnDevice(ints, floats);
    }

    @Override
    public void run(Schedule schedule) {
        if (!compilation.calls.has(schedule)) {
            throw new IllegalArgumentException(schedule.name() + " is none of the schedules this was compiled for");
        }
        if (!row.isAt(schedule)) {
            transfers.upload(plan, CallTable.ROW, new int[] {compilation.calls.start(schedule)});
            row.begin(schedule);
        }
        try {
            for (var chain : chains.get(schedule)) {
                plan.execute(chain.graph, chain.what, chain.launches);
                launched += chain.kernels;
                row.next(chain.columns);
            }
        } catch (RuntimeException | Error e) {
            row.lose();
            throw e;
        }
    }

    @Override
    public void write(Buffer buffer, float[] values) {
        check(buffer, values.length);
        var stored = buffer.type() == ElementType.BF16 ? compilation.halves.packed(values) : values;
        transfers.upload(plan, compilation.memory.firstFloat(buffer), stored);
    }

    @Override
    public void write(Buffer buffer, int[] values) {
        check(buffer, values.length);
        transfers.upload(plan, compilation.memory.start(buffer), values);
    }

    @Override
    public float[] floats(Buffer buffer) {
        check(buffer, buffer.size());
        boolean halves = buffer.type() == ElementType.BF16;
        var stored = new float[halves ? compilation.halves.words(buffer.size()) : buffer.size()];
        transfers.download(plan, compilation.memory.firstFloat(buffer), stored);
        checkAllRan();
        return halves ? compilation.halves.unpacked(stored, buffer.size()) : stored;
    }

    @Override
    public int[] ints(Buffer buffer) {
        check(buffer, buffer.size());
        var values = new int[buffer.size()];
        transfers.download(plan, compilation.memory.start(buffer), values);
        checkAllRan();
        return values;
    }

    private void check(Buffer buffer, int length) {
        if (!compilation.memory.has(buffer)) {
            throw new IllegalArgumentException(buffer + " is in none of the schedules this was compiled for");
        }
        if (length != buffer.size()) {
            throw new IllegalArgumentException(buffer + " takes " + buffer.size() + " values, found " + length);
        }
    }

    private void checkAllRan() {
        if (transfers.ran() != launched) {
            throw new DeviceException("Of " + Integer.toUnsignedString(launched) + " kernels launched on device "
                    + device + ", " + Integer.toUnsignedString(transfers.ran()) + " ran, so its results are void; what"
                    + " its driver said stands above.");
        }
    }

    @Override
    public void close() {
        plan.close();
    }
}
