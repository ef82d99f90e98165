package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * One kernel of an operation, ready to be called, or one call of a library, which has no threads. A kernel finds the
 * places of its operands, then its sizes, in consecutive columns of the current row of the table of calls ({@link
 * CallTable}). All buffers lie in one array of ints and one of floats ({@link Memory}), which every kernel is given.
 *
 * @param operands in the order of their columns
 * @param sizes in the order of their columns, which come after those of the operands
 */
record Launch(String kernel, Threads threads, List<Tensor> operands, List<Integer> sizes, Call call) {

    Launch {
        operands = List.copyOf(operands);
        sizes = List.copyOf(sizes);
    }

    /** The device goes on in the row, behind the columns of the launches before; it has none itself. */
    static final Launch NEXT = new Launch(
            "next", Threads.alone(1), List.of(), List.of(), caller -> caller.loopOverInts(CallTable::next));

    /** Has the kernel called with the scalars it takes. */
    interface Call {
        void by(KernelCaller caller);
    }

    /**
     * Begins the row of a kernel.
     *
     * @param columns how many the kernel reads: the number after its last column's
     */
    static Row of(String kernel, int columns) {
        return new Row(kernel, columns);
    }

    /** A launch whose columns are given one by one, each by the number that the kernel reads it from. */
    static final class Row {

        private final String kernel;
        private final int columns;
        private final List<Tensor> operands = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();

        private Row(String kernel, int columns) {
            this.kernel = kernel;
            this.columns = columns;
        }

        /** The column with the place of an operand. */
        Row operand(int column, Tensor operand) {
            expect(column);
            if (!sizes.isEmpty()) {
                throw new IllegalArgumentException(
                        "kernel " + kernel + ": operand " + operand + " stands after a size, expected before all");
            }
            operands.add(operand);
            return this;
        }

        /** The column with a size. */
        Row size(int column, int size) {
            expect(column);
            sizes.add(size);
            return this;
        }

        /** Ends the row: who runs the kernel, and the scalars that it is called with. */
        Launch on(Threads threads, Call call) {
            if (next() != columns) {
                throw new IllegalArgumentException(
                        "kernel " + kernel + " reads " + columns + " columns, found " + next() + " of them");
            }
            return new Launch(kernel, threads, operands, sizes, call);
        }

        private int next() {
            return operands.size() + sizes.size();
        }

        private void expect(int column) {
            if (column != next()) {
                throw new IllegalArgumentException(
                        "kernel " + kernel + ": expected column " + next() + ", found column " + column);
            }
        }
    }

    /** The same on other operands, of the same sizes. */
    Launch on(UnaryOperator<Tensor> others) {
        return new Launch(kernel, threads, operands.stream().map(others).toList(), sizes, call);
    }

    /** Whether it is a kernel, which counts itself when it runs; or else a library's call. */
    boolean isKernel() {
        return threads != Threads.NONE;
    }

    /** Whether later kernels count their columns from behind those of the kernels before it. */
    boolean goesOn() {
        return this == NEXT;
    }

    /**
     * How many columns of a row of the table are kept for it: whole sixteens, so that a kernel, which has its first
     * column compiled in, begins at the same one in more programs, and is compiled once for them.
     */
    int columns() {
        return Math.ceilDiv(operands.size() + sizes.size(), 16) * 16;
    }

    @Override
    public String toString() {
        return kernel + " " + operands;
    }
}
