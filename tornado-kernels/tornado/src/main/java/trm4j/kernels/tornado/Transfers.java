package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.tornado.KernelCaller.Kernel3;
import trm4j.kernels.tornado.KernelCaller.Kernel4;
import trm4j.kernels.tornado.KernelCaller.Kernel5;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * Moves parts of the device's memory to the host and back. TornadoVM moves whole arrays only; so what travels
 * is a parcel, a small array or a middling one, and a kernel copies between it and the memory.
 */
final class Transfers {

    private static final int SMALL = 64;
    private static final int LARGE = 16 << 10;

    /** What it takes on the device. */
    static final long BYTES = 8L * (SMALL + LARGE) + 12;

    private final int[] ints;
    private final float[] floats;
    private final GridScheduler grids;
    private final List<TaskGraph> graphs;
    private final int[] entry = new int[2];
    private final int[] ran = new int[1];
    private final Parcel small;
    private final Parcel large;

    /** Adds its graphs to those of a plan. */
    Transfers(int[] ints, float[] floats, GridScheduler grids, List<TaskGraph> graphs) {
        this.ints = ints;
        this.floats = floats;
        this.grids = grids;
        this.graphs = graphs;
        small = parcel(SMALL);
        large = parcel(LARGE);
    }

    /** Arrays of one length, and the numbers of the graphs that move them. */
    private record Parcel(int[] ints, float[] floats, int intsUp, int intsDown, int floatsUp, int floatsDown) {}

    private Parcel parcel(int length) {
        var someInts = new int[length];
        var someFloats = new float[length];
        return new Parcel(
                someInts,
                someFloats,
                graph(length, graph -> graph
                        .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry, someInts)
                        .task("copy", (Kernel3<int[], int[], int[]>) Transfers::uploadInts, entry, someInts, ints)),
                graph(length, graph -> graph
                        .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry)
                        .task("copy", (Kernel4<int[], int[], int[], int[]>) Transfers::downloadInts,
                                entry, ints, someInts, ran)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, someInts, ran)),
                graph(length, graph -> graph
                        .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry, someFloats)
                        .task("copy", (Kernel3<int[], float[], float[]>) Transfers::uploadFloats,
                                entry, someFloats, floats)),
                graph(length, graph -> graph
                        .transferToDevice(DataTransferMode.EVERY_EXECUTION, entry)
                        .task("copy", (Kernel5<int[], int[], float[], float[], int[]>) Transfers::downloadFloats,
                                entry, ints, floats, someFloats, ran)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, someFloats, ran)));
    }

    private interface Body {
        TaskGraph on(TaskGraph graph);
    }

    private int graph(int threads, Body body) {
        var name = "transfer" + graphs.size();
        grids.addWorkerGrid(name + ".copy", Threads.of(threads).grid());
        graphs.add(body.on(new TaskGraph(name).consumeFromDevice(ints, floats)).persistOnDevice(ints, floats));
        return graphs.size() - 1;
    }

    /** Each thread copies one element. */
    static void uploadInts(int[] entry, int[] parcel, int[] ints) {
        int to = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            ints[to + i] = parcel[i];
        }
    }

    /** Each thread copies one element. */
    static void uploadFloats(int[] entry, float[] parcel, float[] f) {
        int to = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            f[to + i] = parcel[i];
        }
    }

    /** Each thread copies one element. */
    static void downloadInts(int[] entry, int[] ints, int[] parcel, int[] ran) {
        int from = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            parcel[i] = ints[from + i];
            if (i == 0) {
                ran[0] = ints[CallTable.RAN];
            }
        }
    }

    /** Each thread copies one element. */
    static void downloadFloats(int[] entry, int[] ints, float[] f, float[] parcel, int[] ran) {
        int from = entry[0];
        int n = entry[1];
        for (@Parallel int i = 0; i < n; i++) {
            parcel[i] = f[from + i];
            if (i == 0) {
                ran[0] = ints[CallTable.RAN];
            }
        }
    }

    void upload(TaskGraphs plan, int start, int[] values) {
        inParcels(values.length, (parcel, done, n) -> {
            System.arraycopy(values, done, parcel.ints, 0, n);
            run(plan, parcel.intsUp, start + done, n);
        });
    }

    void upload(TaskGraphs plan, int start, float[] values) {
        inParcels(values.length, (parcel, done, n) -> {
            System.arraycopy(values, done, parcel.floats, 0, n);
            run(plan, parcel.floatsUp, start + done, n);
        });
    }

    void download(TaskGraphs plan, int start, int[] values) {
        inParcels(values.length, (parcel, done, n) -> {
            run(plan, parcel.intsDown, start + done, n);
            System.arraycopy(parcel.ints, 0, values, done, n);
        });
    }

    void download(TaskGraphs plan, int start, float[] values) {
        inParcels(values.length, (parcel, done, n) -> {
            run(plan, parcel.floatsDown, start + done, n);
            System.arraycopy(parcel.floats, 0, values, done, n);
        });
    }

    /** Kernels that had run when something was last downloaded. */
    int ran() {
        return ran[0];
    }

    private interface Move {
        void parcel(Parcel parcel, int done, int n);
    }

    private void inParcels(int length, Move move) {
        for (int done = 0; done < length;) {
            var parcel = length - done <= SMALL ? small : large;
            int n = Math.min(length - done, parcel.ints.length);
            move.parcel(parcel, done, n);
            done += n;
        }
    }

    private void run(TaskGraphs plan, int graph, int start, int n) {
        entry[0] = start;
        entry[1] = n;
        plan.execute(graph, "a transfer", List.of());
    }
}
