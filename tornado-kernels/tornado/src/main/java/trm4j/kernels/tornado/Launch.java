package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;

/**
 * One kernel of an operation, ready to be put into a task graph. A kernel finds the places of its operands,
 * then its sizes, in consecutive columns of the current row of the table of calls ({@link Calls}). All buffers
 * lie in one array of ints and one of floats ({@link Memory}), which every kernel is given.
 *
 * @param sizes as the kernel reads them
 */
record Launch(String kernel, Threads threads, List<Tensor> operands, int[] sizes, Task task) {

    /** Adds the kernel to a graph, with its arguments. */
    interface Task {
        void add(TaskGraph graph, String id, Arguments on);
    }

    /**
     * What a kernel is called with.
     *
     * @param ints the table of calls, and all buffers of ints
     * @param at the kernel's first column in a row of the table
     * @param floats all buffers of floats
     */
    record Arguments(KernelContext context, int[] ints, int at, float[] floats) {}

    /** A kernel with a thread for each of some elements, whose number is the first of its sizes. */
    static Launch elementwise(String kernel, List<Tensor> operands, int[] sizes, Task task) {
        return new Launch(kernel, Threads.of(sizes[0]), operands, sizes, task);
    }

    /** How many columns it has in a row of the table. */
    int columns() {
        return operands.size() + sizes.length;
    }

    @Override
    public String toString() {
        return kernel + " " + operands;
    }
}
