package trm4j.kernels.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Runs a kernel at once, as the Java method that it is: parallel loops as loops, work-groups by {@link WorkGroups}. A
 * library gets a copy of the floats in memory that has an address.
 */
record JvmCaller(Threads threads, int[] ints, int at, float[] floats, HostRow host) implements KernelCaller {

    @Override
    public void product(ProductLibrary library, MatMul product) {
        try (var arena = Arena.ofConfined(); var session = library.open(0, 0)) {
            var memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, floats);
            new LibraryTasks.Product(library, product, at, host).enqueue(session, memory.address());
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, floats, 0, floats.length);
        }
    }

    @Override
    public void loop(Kernel3<int[], Integer, float[]> kernel) {
        kernel.apply(ints, at, floats);
    }

    @Override
    public <A> void loop(Kernel4<int[], Integer, A, float[]> kernel, A a) {
        kernel.apply(ints, at, a, floats);
    }

    @Override
    public <A, B> void loop(Kernel5<int[], Integer, A, B, float[]> kernel, A a, B b) {
        kernel.apply(ints, at, a, b, floats);
    }

    @Override
    public <A, B, C> void loop(Kernel6<int[], Integer, A, B, C, float[]> kernel, A a, B b, C c) {
        kernel.apply(ints, at, a, b, c, floats);
    }

    @Override
    public <A, B, C, D> void loop(Kernel7<int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d) {
        kernel.apply(ints, at, a, b, c, d, floats);
    }

    @Override
    public void loopOverInts(Kernel2<int[], Integer> kernel) {
        kernel.apply(ints, at);
    }

    @Override
    public void loopOverBits(Kernel3<int[], Integer, int[]> kernel) {
        var bits = new int[floats.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(floats[i]));
        kernel.apply(ints, at, bits);
        for (int i = 0; i < bits.length; i++) {
            floats[i] = Float.intBitsToFloat(bits[i]);
        }
    }

    @Override
    public void groups(Kernel4<KernelContext, int[], Integer, float[]> kernel) {
        WorkGroups.run(threads, context -> kernel.apply(context, ints, at, floats));
    }

    @Override
    public <A> void groups(Kernel5<KernelContext, int[], Integer, A, float[]> kernel, A a) {
        WorkGroups.run(threads, context -> kernel.apply(context, ints, at, a, floats));
    }

    @Override
    public <A, B> void groups(Kernel6<KernelContext, int[], Integer, A, B, float[]> kernel, A a, B b) {
        WorkGroups.run(threads, context -> kernel.apply(context, ints, at, a, b, floats));
    }

    @Override
    public <A, B, C> void groups(Kernel7<KernelContext, int[], Integer, A, B, C, float[]> kernel, A a, B b, C c) {
        WorkGroups.run(threads, context -> kernel.apply(context, ints, at, a, b, c, floats));
    }

    @Override
    public <A, B, C, D> void groups(
            Kernel8<KernelContext, int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d) {
        WorkGroups.run(threads, context -> kernel.apply(context, ints, at, a, b, c, d, floats));
    }

    @Override
    public <A, B, C, D, E> void groups(
            Kernel9<KernelContext, int[], Integer, A, B, C, D, E, float[]> kernel, A a, B b, C c, D d, E e) {
        WorkGroups.run(threads, context -> kernel.apply(context, ints, at, a, b, c, d, e, floats));
    }
}
