package trm4j.kernels.tornado;

import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task2;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task7;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task9;

/**
 * Calls one kernel: adds it to a task graph ({@link TaskGraphCaller}), or runs it. Its launch says which kernel and
 * with what scalars, in the order of the kernel's parameters; the caller adds what every kernel takes: the ints, the
 * kernel's first column in a row of the table of calls, and the floats.
 *
 * <p>A kernel is given as a reference to its method, and handed on as it is: TornadoVM looks into that object for the
 * method to compile.
 */
interface KernelCaller {

    /** Calls a library instead of a kernel. The row has the places of a, b and c. */
    void product(ProductLibrary library, MatMul product);

    /** Calls a kernel that is a parallel loop. */
    void loop(Task3<int[], Integer, float[]> kernel);

    /** Calls a parallel loop with a scalar. */
    <A> void loop(Task4<int[], Integer, A, float[]> kernel, A a);

    /** Calls a parallel loop with two scalars. */
    <A, B> void loop(Task5<int[], Integer, A, B, float[]> kernel, A a, B b);

    /** Calls a parallel loop with four scalars. */
    <A, B, C, D> void loop(Task7<int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d);

    /** Calls a parallel loop that has nothing to do with floats. */
    void loopOverInts(Task2<int[], Integer> kernel);

    /** Calls a kernel whose threads work together in groups. */
    void groups(Task4<KernelContext, int[], Integer, float[]> kernel);

    /** Calls a kernel of work-groups with a scalar. */
    <A> void groups(Task5<KernelContext, int[], Integer, A, float[]> kernel, A a);

    /** Calls a kernel of work-groups with three scalars. */
    <A, B, C> void groups(Task7<KernelContext, int[], Integer, A, B, C, float[]> kernel, A a, B b, C c);

    /** Calls a kernel of work-groups with four scalars. */
    <A, B, C, D> void groups(
            Task8<KernelContext, int[], Integer, A, B, C, D, float[]> kernel, A a, B b, C c, D d);

    /** Calls a kernel of work-groups with five scalars. */
    <A, B, C, D, E> void groups(
            Task9<KernelContext, int[], Integer, A, B, C, D, E, float[]> kernel, A a, B b, C c, D d, E e);
}
