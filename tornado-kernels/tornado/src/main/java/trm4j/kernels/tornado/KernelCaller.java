package trm4j.kernels.tornado;

import java.io.Serializable;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;

/**
 * Calls one kernel: adds it to a task graph ({@link TaskGraphCaller}), or runs it. Its launch says which kernel and
 * with what scalars, in the order of the kernel's parameters; the caller adds what every kernel takes: the ints, the
 * kernel's first column in a row of the table of calls, and the floats.
 *
 * <p>A kernel is given as a reference to its method, and handed on as it is: TornadoVM looks into that object for the
 * method to compile. From version 6.0 on it finds the method by what the reference is serialized to, so the types of
 * kernels are serializable here, whatever the API that this is compiled against says.
 */
interface KernelCaller {

    /** A kernel of two parameters, and so on. */
    interface Kernel2<A, B> extends TornadoFunctions.Task2<A, B>, Serializable {}

    interface Kernel3<A, B, C> extends TornadoFunctions.Task3<A, B, C>, Serializable {}

    interface Kernel4<A, B, C, D> extends TornadoFunctions.Task4<A, B, C, D>, Serializable {}

    interface Kernel5<A, B, C, D, E> extends TornadoFunctions.Task5<A, B, C, D, E>, Serializable {}

    interface Kernel6<A, B, C, D, E, F> extends TornadoFunctions.Task6<A, B, C, D, E, F>, Serializable {}

    interface Kernel7<A, B, C, D, E, F, G> extends TornadoFunctions.Task7<A, B, C, D, E, F, G>, Serializable {}

    interface Kernel8<A, B, C, D, E, F, G, H> extends TornadoFunctions.Task8<A, B, C, D, E, F, G, H>, Serializable {}

    interface Kernel9<A, B, C, D, E, F, G, H, I>
            extends TornadoFunctions.Task9<A, B, C, D, E, F, G, H, I>, Serializable {}

    /** Calls a library instead of a kernel. The row has the places of a, b and c. */
    void product(ProductLibrary library, MatMul product);

    /** Calls a kernel that is a parallel loop. */
    void loop(Kernel3<int[], Integer, float[]> kernel);

    /** Calls a parallel loop with a scalar. */
    <A> void loop(Kernel4<int[], Integer, A, float[]> kernel, A a);

    /** Calls a parallel loop with two scalars. */
    <A, B> void loop(Kernel5<int[], Integer, A, B, float[]> kernel, A a, B b);

    /** Calls a parallel loop with three scalars. */
    <A, B, C> void loop(Kernel6<int[], Integer, A, B, C, float[]> kernel, A a, B b, C c);

    /** Calls a parallel loop with four scalars. */
    <A, B, C, D> void loop(Kernel7<int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d);

    /** Calls a parallel loop that has nothing to do with floats. */
    void loopOverInts(Kernel2<int[], Integer> kernel);

    /** Calls a parallel loop that is given the bits of all floats. */
    void loopOverBits(Kernel3<int[], Integer, int[]> kernel);

    /** Calls a kernel whose threads work together in groups. */
    void groups(Kernel4<KernelContext, int[], Integer, float[]> kernel);

    /** Calls a kernel of work-groups with a scalar. */
    <A> void groups(Kernel5<KernelContext, int[], Integer, A, float[]> kernel, A a);

    /** Calls a kernel of work-groups with two scalars. */
    <A, B> void groups(Kernel6<KernelContext, int[], Integer, A, B, float[]> kernel, A a, B b);

    /** Calls a kernel of work-groups with three scalars. */
    <A, B, C> void groups(Kernel7<KernelContext, int[], Integer, A, B, C, float[]> kernel, A a, B b, C c);

    /** Calls a kernel of work-groups with four scalars. */
    <A, B, C, D> void groups(
            Kernel8<KernelContext, int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d);

    /** Calls a kernel of work-groups with five scalars. */
    <A, B, C, D, E> void groups(
            Kernel9<KernelContext, int[], Integer, A, B, C, D, E, float[]> kernel, A a, B b, C c, D d, E e);
}
