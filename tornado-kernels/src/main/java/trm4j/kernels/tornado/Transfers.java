package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * Moves parts of the arenas between host and device. TornadoVM moves whole arrays only; so what travels is a
 * small array or a middling one, and a kernel copies between it and the arena.
 */
final class Transfers {

    private static final int[] LENGTHS = {64, 16 << 10};

    private final int[] calls;
    private final Object[] resident;
    private final GridScheduler grids;
    private final List<TaskGraph> graphs;
    private final int[] entry = new int[2];
    private final int[] ran = new int[1];
    private final List<float[]> floats = new ArrayList<>();
    private final List<int[]> ints = new ArrayList<>();
    private final List<Integer> floatsUp = new ArrayList<>();
    private final List<Integer> floatsDown = new ArrayList<>();
    private final List<Integer> intsUp = new ArrayList<>();
    private final List<Integer> intsDown = new ArrayList<>();

    /**
     * Adds its graphs.
     *
     * @param resident all arrays that stay on the device, the ints first
     */
    Transfers(Object[] resident, GridScheduler grids, List<TaskGraph> graphs) {
        this.resident = resident;
        this.grids = grids;
        this.graphs = graphs;
        calls = (int[]) resident[0];
        for (int length : LENGTHS) {
            floats.add(new float[length]);
            ints.add(new int[length]);
        }
        for (int size = 0; size < LENGTHS.length; size++) {
            var staged = ints.get(size);
            intsUp.add(graph(LENGTHS[size], graph -> graph
                    .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry, staged)
                    .task("copy", Transfers::uploadInts, calls, entry, staged)));
            intsDown.add(graph(LENGTHS[size], graph -> graph
                    .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry)
                    .task("copy", Transfers::downloadInts, calls, entry, staged, ran)
                    .transferToHost(DataTransferMode.EVERY_EXECUTION, staged, ran)));
        }
        for (int arena = 1; arena < resident.length; arena++) {
            var array = (float[]) resident[arena];
            for (int size = 0; size < LENGTHS.length; size++) {
                var staged = floats.get(size);
                floatsUp.add(graph(LENGTHS[size], graph -> graph
                        .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry, staged)
                        .task("copy", Transfers::uploadFloats, calls, entry, staged, array)));
                floatsDown.add(graph(LENGTHS[size], graph -> graph
                        .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry)
                        .task("copy", Transfers::downloadFloats, calls, entry, array, staged, ran)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, staged, ran)));
            }
        }
    }

    private interface Body {
        TaskGraph on(TaskGraph graph);
    }

    private int graph(int threads, Body body) {
        var name = "transfer" + graphs.size();
        grids.addWorkerGrid(name + ".copy", Threads.of(threads).grid());
        graphs.add(body.on(new TaskGraph(name).consumeFromDevice(resident)).persistOnDevice(resident));
        return graphs.size() - 1;
    }

    /** Bytes that it takes on the device. */
    static long bytes() {
        long bytes = 0;
        for (int length : LENGTHS) {
            bytes += 8L * length;
        }
        return bytes + 12;
    }

    /** Each thread copies one element. */
    static void uploadInts(int[] calls, int[] entry, int[] staged) {
        int to = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            calls[to + i] = staged[i];
        }
    }

    /** Each thread copies one element. */
    static void uploadFloats(int[] calls, int[] entry, float[] staged, float[] arena) {
        int to = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            arena[to + i] = staged[i];
        }
    }

    /** Each thread copies one element. */
    static void downloadInts(int[] calls, int[] entry, int[] staged, int[] ran) {
        int from = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            if (i == 0) {
                ran[0] = calls[Calls.RAN];
            }
            staged[i] = calls[from + i];
        }
    }

    /** Each thread copies one element. */
    static void downloadFloats(int[] calls, int[] entry, float[] arena, float[] staged, int[] ran) {
        int from = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            if (i == 0) {
                ran[0] = calls[Calls.RAN];
            }
            staged[i] = arena[from + i];
        }
    }

    void upload(TornadoExecutionPlan plan, int start, int[] values) {
        for (int done = 0; done < values.length;) {
            int size = size(values.length - done);
            int n = Math.min(values.length - done, LENGTHS[size]);
            System.arraycopy(values, done, ints.get(size), 0, n);
            run(plan, intsUp.get(size), start + done, n);
            done += n;
        }
    }

    void upload(TornadoExecutionPlan plan, int arena, int start, float[] values) {
        for (int done = 0; done < values.length;) {
            int size = size(values.length - done);
            int n = Math.min(values.length - done, LENGTHS[size]);
            System.arraycopy(values, done, floats.get(size), 0, n);
            run(plan, floatsUp.get(arena * LENGTHS.length + size), start + done, n);
            done += n;
        }
    }

    void download(TornadoExecutionPlan plan, int start, int[] values) {
        for (int done = 0; done < values.length;) {
            int size = size(values.length - done);
            int n = Math.min(values.length - done, LENGTHS[size]);
            run(plan, intsDown.get(size), start + done, n);
            System.arraycopy(ints.get(size), 0, values, done, n);
            done += n;
        }
    }

    void download(TornadoExecutionPlan plan, int arena, int start, float[] values) {
        for (int done = 0; done < values.length;) {
            int size = size(values.length - done);
            int n = Math.min(values.length - done, LENGTHS[size]);
            run(plan, floatsDown.get(arena * LENGTHS.length + size), start + done, n);
            System.arraycopy(floats.get(size), 0, values, done, n);
            done += n;
        }
    }

    /** Kernels that had run when something was last downloaded. */
    int ran() {
        return ran[0];
    }

    private static int size(int left) {
        return left <= LENGTHS[0] ? 0 : 1;
    }

    private void run(TornadoExecutionPlan plan, int graph, int start, int n) {
        entry[0] = start;
        entry[1] = n;
        plan.withGraph(graph).execute();
    }
}
