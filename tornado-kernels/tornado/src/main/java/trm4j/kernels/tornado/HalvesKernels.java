package trm4j.kernels.tornado;

import trm4j.kernels.Bfloat16;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.SelectRows;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * What is done with numbers of bfloat16 as bits: copies, and conversions from and to floats. A thread that writes them
 * has a whole word, and leaves the half that belongs to others as it is.
 */
final class HalvesKernels {

    private HalvesKernels() {}

    /** The element of a tensor that is the lower half of its i-th word; below 0 or too large where there is none. */
    private static int lower(int tensor, int i, int apart) {
        return 2 * (i & -apart) + (i & apart - 1) - (tensor & 2 * apart - 1);
    }

    /** The number of an element in the lower half of an int: of floats that are to be rounded, or of bfloat16. */
    private static int number(int[] bits, int from, int element, int rounds, int apart) {
        int number = 0;
        if (rounds == 1) {
            number = Halves.rounded(bits[from + element]);
        } else {
            number = Halves.widened(bits, from + element, apart) >> 16 & Halves.LOWER;
        }
        return number;
    }

    /** Columns of widen, roundFloats and narrow. */
    private static final class CopyRow {
        static final int FROM = 0, TO = 1, N = 2, SIZE = 3, ROUNDS = 4, APART = 5, END = 6;
    }

    /** bfloat16 to floats. Each thread sets one float. */
    static void widen(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int from = ints[row + CopyRow.FROM];
        int to = ints[row + CopyRow.TO];
        int n = ints[row + CopyRow.N];
        int apart = ints[row + CopyRow.APART];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            bits[to + i] = Halves.widened(bits, from + i, apart);
        }
    }

    /** Floats to floats that bfloat16 has, too. Each thread sets one. */
    static void roundFloats(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int from = ints[row + CopyRow.FROM];
        int to = ints[row + CopyRow.TO];
        int n = ints[row + CopyRow.N];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            bits[to + i] = Halves.rounded(bits[from + i]) << 16;
        }
    }

    /** Floats or bfloat16 to bfloat16. Each thread sets one word. */
    static void narrow(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int from = ints[row + CopyRow.FROM];
        int to = ints[row + CopyRow.TO];
        int n = ints[row + CopyRow.N];
        int size = ints[row + CopyRow.SIZE];
        int rounds = ints[row + CopyRow.ROUNDS];
        int apart = ints[row + CopyRow.APART];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int lower = lower(to, i, apart);
            int upper = lower + apart;
            if (upper >= 0 && lower < size) {
                int place = Halves.word(to + lower, apart);
                int word = bits[place];
                if (lower >= 0) {
                    word = word & Halves.UPPER | number(bits, from, lower, rounds, apart);
                }
                if (upper < size) {
                    word = word & Halves.LOWER | number(bits, from, upper, rounds, apart) << 16;
                }
                bits[place] = word;
            }
        }
    }

    /** Columns of fillHalves. */
    private static final class FillRow {
        static final int TO = 0, N = 1, SIZE = 2, NUMBER = 3, APART = 4, END = 5;
    }

    /** One number everywhere. Each thread sets one word. */
    static void fillHalves(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int to = ints[row + FillRow.TO];
        int n = ints[row + FillRow.N];
        int size = ints[row + FillRow.SIZE];
        int number = ints[row + FillRow.NUMBER];
        int apart = ints[row + FillRow.APART];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int lower = lower(to, i, apart);
            int upper = lower + apart;
            if (upper >= 0 && lower < size) {
                int place = Halves.word(to + lower, apart);
                int word = bits[place];
                if (lower >= 0) {
                    word = word & Halves.UPPER | number;
                }
                if (upper < size) {
                    word = word & Halves.LOWER | number << 16;
                }
                bits[place] = word;
            }
        }
    }

    /** Columns of selectHalves. */
    private static final class SelectRow {
        static final int MASK = 0, SOURCE = 1, TO = 2, N = 3, SIZE = 4, WIDTH = 5, SOURCE_SIZE = 6, ROUNDS = 7,
                APART = 8, END = 9;
    }

    /** The elements of rows that are chosen. Each thread sets one word. */
    static void selectHalves(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int mask = ints[row + SelectRow.MASK];
        int source = ints[row + SelectRow.SOURCE];
        int to = ints[row + SelectRow.TO];
        int n = ints[row + SelectRow.N];
        int size = ints[row + SelectRow.SIZE];
        int width = ints[row + SelectRow.WIDTH];
        int sourceSize = ints[row + SelectRow.SOURCE_SIZE];
        int rounds = ints[row + SelectRow.ROUNDS];
        int apart = ints[row + SelectRow.APART];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int lower = lower(to, i, apart);
            int upper = lower + apart;
            if (upper >= 0 && lower < size) {
                int place = Halves.word(to + lower, apart);
                int word = bits[place];
                if (lower >= 0) {
                    if (ints[mask + lower / width] != 0) {
                        word = word & Halves.UPPER | number(bits, source, lower % sourceSize, rounds, apart);
                    }
                }
                if (upper < size) {
                    if (ints[mask + upper / width] != 0) {
                        word = word & Halves.LOWER | number(bits, source, upper % sourceSize, rounds, apart) << 16;
                    }
                }
                bits[place] = word;
            }
        }
    }

    /** The most words of a tensor, wherever it begins. */
    private static int words(Tensor tensor, Halves halves) {
        return halves.words(Math.addExact(tensor.size(), 2 * halves.apart() - 1));
    }

    private static int rounds(Tensor from) {
        return from.type() == ElementType.F32 ? 1 : 0;
    }

    /** bfloat16 to floats. */
    static Launch widen(Tensor from, Tensor to, Halves halves) {
        return copy("widen", from, to, to.size(), halves, HalvesKernels::widen);
    }

    /** Floats to floats that bfloat16 has, too; to may be from. */
    static Launch round(Tensor from, Tensor to) {
        return copy("round", from, to, to.size(), Halves.IN_ORDER, HalvesKernels::roundFloats);
    }

    /** Floats or bfloat16 to bfloat16. */
    static Launch narrow(Tensor from, Tensor to, Halves halves) {
        return copy("narrow", from, to, words(to, halves), halves, HalvesKernels::narrow);
    }

    private static Launch copy(
            String name, Tensor from, Tensor to, int n, Halves halves,
            KernelCaller.Kernel3<int[], Integer, int[]> kernel) {
        return Launch.of(name, CopyRow.END)
                .operand(CopyRow.FROM, from)
                .operand(CopyRow.TO, to)
                .size(CopyRow.N, n)
                .size(CopyRow.SIZE, to.size())
                .size(CopyRow.ROUNDS, rounds(from))
                .size(CopyRow.APART, halves.apart())
                .on(Threads.of(n), caller -> caller.loopOverBits(kernel));
    }

    static Recipe fill(Fill op, Halves halves) {
        int n = words(op.out(), halves);
        return Recipe.of(Launch.of("fill", FillRow.END)
                .operand(FillRow.TO, op.out())
                .size(FillRow.N, n)
                .size(FillRow.SIZE, op.out().size())
                .size(FillRow.NUMBER, Bfloat16.of(op.value()) & Halves.LOWER)
                .size(FillRow.APART, halves.apart())
                .on(Threads.of(n), caller -> caller.loopOverBits(HalvesKernels::fillHalves)));
    }

    static Recipe select(SelectRows op, Halves halves) {
        int n = words(op.out(), halves);
        return Recipe.of(Launch.of("selectRows", SelectRow.END)
                .operand(SelectRow.MASK, op.mask())
                .operand(SelectRow.SOURCE, op.source())
                .operand(SelectRow.TO, op.out())
                .size(SelectRow.N, n)
                .size(SelectRow.SIZE, op.out().size())
                .size(SelectRow.WIDTH, op.out().size() / op.out().dim(0))
                .size(SelectRow.SOURCE_SIZE, op.source().size())
                .size(SelectRow.ROUNDS, rounds(op.source()))
                .size(SelectRow.APART, halves.apart())
                .on(Threads.of(n), caller -> caller.loopOverBits(HalvesKernels::selectHalves)));
    }
}
