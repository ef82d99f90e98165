package trm4j.kernels.tornado;

import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;

/**
 * Adds a kernel to a task graph.
 *
 * @param id of the task
 * @param ints the table of calls, and all buffers of ints
 * @param at the kernel's first column in a row of the table
 * @param floats all buffers of floats
 * @param host where the host finds the row that the kernel will read
 */
record TaskGraphCaller(
        TaskGraph graph, String id, KernelContext context, int[] ints, int at, float[] floats, HostRow host)
        implements KernelCaller {

    @Override
    public void product(ProductLibrary library, MatMul product) {
        LibraryTasks.add(graph, id, floats, new LibraryTasks.Product(library, product, at, host));
    }

    @Override
    public void loop(Kernel3<int[], Integer, float[]> kernel) {
        graph.task(id, kernel, ints, at, floats);
    }

    @Override
    public <A> void loop(Kernel4<int[], Integer, A, float[]> kernel, A a) {
        graph.task(id, kernel, ints, at, a, floats);
    }

    @Override
    public <A, B> void loop(Kernel5<int[], Integer, A, B, float[]> kernel, A a, B b) {
        graph.task(id, kernel, ints, at, a, b, floats);
    }

    @Override
    public <A, B, C> void loop(Kernel6<int[], Integer, A, B, C, float[]> kernel, A a, B b, C c) {
        graph.task(id, kernel, ints, at, a, b, c, floats);
    }

    @Override
    public <A, B, C, D> void loop(Kernel7<int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d) {
        graph.task(id, kernel, ints, at, a, b, c, d, floats);
    }

    @Override
    public void loopOverInts(Kernel2<int[], Integer> kernel) {
        graph.task(id, kernel, ints, at);
    }

    /** The kernel is compiled for an array of ints and gets one of floats: what TornadoVM hands on is its address. */
    @Override
    @SuppressWarnings("unchecked")
    public void loopOverBits(Kernel3<int[], Integer, int[]> kernel) {
        graph.task(id, (Kernel3<int[], Integer, float[]>) (Kernel3<int[], Integer, ?>) kernel, ints, at, floats);
    }

    @Override
    public void groups(Kernel4<KernelContext, int[], Integer, float[]> kernel) {
        graph.task(id, kernel, context, ints, at, floats);
    }

    @Override
    public <A> void groups(Kernel5<KernelContext, int[], Integer, A, float[]> kernel, A a) {
        graph.task(id, kernel, context, ints, at, a, floats);
    }

    @Override
    public <A, B> void groups(Kernel6<KernelContext, int[], Integer, A, B, float[]> kernel, A a, B b) {
        graph.task(id, kernel, context, ints, at, a, b, floats);
    }

    @Override
    public <A, B, C> void groups(Kernel7<KernelContext, int[], Integer, A, B, C, float[]> kernel, A a, B b, C c) {
        graph.task(id, kernel, context, ints, at, a, b, c, floats);
    }

    @Override
    public <A, B, C, D> void groups(
            Kernel8<KernelContext, int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d) {
        graph.task(id, kernel, context, ints, at, a, b, c, d, floats);
    }

    @Override
    public <A, B, C, D, E> void groups(
            Kernel9<KernelContext, int[], Integer, A, B, C, D, E, float[]> kernel, A a, B b, C c, D d, E e) {
        graph.task(id, kernel, context, ints, at, a, b, c, d, e, floats);
    }
}
