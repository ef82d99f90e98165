package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Execution;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/**
 * One execution plan: a task graph for each program, one that brings the arenas to the device, and those of
 * {@link Transfers}. Every graph takes all arenas from the graph before it and leaves them where they are.
 */
final class TornadoVmExecution implements Execution {

    /** Without the relaxed arithmetic that is TornadoVM's default: infinities and NaN stay what they are. */
    private static final String OPENCL_FLAGS = "-cl-mad-enable -w";

    private final String device;
    private final Compilation compilation;
    private final Transfers transfers;
    private final TornadoExecutionPlan plan;
    private final Map<Program, Integer> graphs = new IdentityHashMap<>();
    private int launched;

    TornadoVmExecution(String name, TornadoDevice device, Compilation compilation) {
        this.device = name;
        this.compilation = compilation;
        var resident = arrays(compilation);
        var grids = new GridScheduler();
        var all = new ArrayList<TaskGraph>();
        all.add(start(resident, grids));
        for (var program : compilation.programs) {
            graphs.put(program, all.size());
            all.add(graph(program, "program" + all.size(), resident, grids));
        }
        transfers = new Transfers(resident, grids, all);
        plan = new TornadoExecutionPlan(all.stream().map(TaskGraph::snapshot).toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device)
                .withGridScheduler(grids)
                .withCompilerFlags(TornadoVMBackendType.OPENCL, OPENCL_FLAGS);
        try {
            attempt("the start of the device", List.of(), () -> plan.withGraph(0).execute());
            launched = resident.length - 1;
            for (var program : compilation.programs) {
                attempt(
                        "program " + program.name(), compilation.launches.get(program),
                        () -> plan.withGraph(graphs.get(program)).withPreCompilation());
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The ints, and all arrays of floats. */
    private static Object[] arrays(Compilation compilation) {
        var ints = new int[compilation.ints()];
        compilation.calls.write(ints);
        var floats = compilation.arenas.floats().stream().map(float[]::new).toList();
        compilation.constants.forEach((buffer, values) -> System.arraycopy(
                values, 0, floats.get(compilation.arenas.arena(buffer)), compilation.arenas.start(buffer),
                values.length));
        return IntStream.rangeClosed(0, floats.size()).mapToObj(i -> i == 0 ? ints : floats.get(i - 1)).toArray();
    }

    /** Brings the arrays to the device. */
    private static TaskGraph start(Object[] resident, GridScheduler grids) {
        var graph = new TaskGraph("start").transferToDevice(DataTransferMode.FIRST_EXECUTION, resident);
        var one = new Threads(1, 1, 1, 1, 1);
        var calls = (int[]) resident[0];
        if (resident.length == 1) {
            graph.task("ints", TornadoVmExecution::touchInts, calls);
            grids.addWorkerGrid("start.ints", one.grid());
        }
        for (int i = 1; i < resident.length; i++) {
            graph.task("floats" + i, TornadoVmExecution::touch, calls, (float[]) resident[i]);
            grids.addWorkerGrid("start.floats" + i, one.grid());
        }
        return graph.persistOnDevice(resident);
    }

    /** Reads and writes an array as far as TornadoVM can tell, which makes it allocate and fill it. One thread. */
    static void touch(int[] calls, float[] arena) {
        for (@Parallel int i = 0; i < 1; i++) {
            Calls.count(calls, i);
            if (calls[Calls.RAN] < 0) {
                arena[0] = arena[1];
            }
        }
    }

    /** Likewise. One thread. */
    static void touchInts(int[] calls) {
        for (@Parallel int i = 0; i < 1; i++) {
            if (calls[Calls.RAN] < 0) {
                calls[0] = calls[1];
            }
        }
    }

    private TaskGraph graph(Program program, String name, Object[] resident, GridScheduler grids) {
        var graph = new TaskGraph(name).consumeFromDevice(resident);
        var context = new KernelContext();
        var calls = (int[]) resident[0];
        var launches = compilation.launches.get(program);
        int column = 0;
        for (int i = 0; i < launches.size(); i++) {
            var launch = launches.get(i);
            var arrays = launch.operands().stream().map(t -> array(t.buffer(), resident)).toList();
            launch.task().add(graph, "kernel" + i, new Launch.Arguments(context, calls, column, arrays));
            grids.addWorkerGrid(name + ".kernel" + i, launch.threads().grid());
            column += launch.columns();
        }
        graph.task("next", Calls::next, calls, column);
        grids.addWorkerGrid(name + ".next", new Threads(1, 1, 1, 1, 1).grid());
        return graph.persistOnDevice(resident);
    }

    private Object array(Buffer buffer, Object[] resident) {
        return switch (buffer.type()) {
            case I32 -> resident[0];
            case F32 -> resident[1 + compilation.arenas.arena(buffer)];
        };
    }

    @Override
    public void run(Schedule schedule) {
        if (!compilation.calls.has(schedule)) {
            throw new IllegalArgumentException(schedule.name() + " is none of the schedules this was compiled for");
        }
        transfers.upload(plan, Calls.ROW, new int[] {compilation.calls.start(schedule)});
        for (var call : schedule.calls()) {
            var program = call.program();
            var launches = compilation.launches.get(program);
            attempt("program " + program.name(), launches, () -> plan.withGraph(graphs.get(program)).execute());
            launched += launches.size() + 1;
        }
    }

    @Override
    public void write(Buffer buffer, float[] values) {
        check(buffer, values.length);
        transfers.upload(plan, compilation.arenas.arena(buffer), compilation.arenas.start(buffer), values);
    }

    @Override
    public void write(Buffer buffer, int[] values) {
        check(buffer, values.length);
        transfers.upload(plan, compilation.arenas.start(buffer), values);
    }

    @Override
    public float[] floats(Buffer buffer) {
        check(buffer, buffer.size());
        var values = new float[buffer.size()];
        transfers.download(plan, compilation.arenas.arena(buffer), compilation.arenas.start(buffer), values);
        checkAllRan();
        return values;
    }

    @Override
    public int[] ints(Buffer buffer) {
        check(buffer, buffer.size());
        var values = new int[buffer.size()];
        transfers.download(plan, compilation.arenas.start(buffer), values);
        checkAllRan();
        return values;
    }

    private void check(Buffer buffer, int length) {
        if (!compilation.arenas.has(buffer)) {
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

    /** Does something with a graph; what goes wrong names the kernels. */
    private void attempt(String what, List<Launch> launches, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | TornadoInternalError e) {
            throw new DeviceException("Device " + device + " could not run " + what + culprit(e, launches) + ": "
                    + firstLine(e), e);
        }
    }

    /** The kernel that an error names by its task, or all that it may be. */
    private static String culprit(Throwable error, List<Launch> launches) {
        var message = String.valueOf(error.getMessage());
        for (int i = 0; i < launches.size(); i++) {
            if (message.contains("kernel" + i + " ")) {
                return ", kernel " + launches.get(i);
            }
        }
        return launches.isEmpty() ? "" : ", one of the kernels " + launches;
    }

    private static String firstLine(Throwable error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse(error.toString());
    }

    @Override
    public void close() {
        plan.freeDeviceMemory();
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new DeviceException("Device " + device + " could not be closed: " + e.getMessage(), e);
        }
    }
}
