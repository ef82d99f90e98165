package trm4j.kernels.nvidia;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;

/**
 * One call of cuBLAS in its own terms: C = op(A) op(B), or C += op(A) op(B), {@code count} times. Matrices are columns
 * after one another there, rows here, so that each is the other's transpose: for c = a b, cuBLAS gets C = c^T, A = b^T
 * and B = a^T, which takes no copy.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k length of the sums
 * @param a the address of the first matrix A
 * @param lda elements from one column of A to the next
 * @param strideA elements from one matrix A to the next; 0 where all take the same
 * @param factors the type of A and B
 * @param result the type of C
 */
record Gemm(
        boolean transposeA, boolean transposeB, int m, int n, int k, long a, int lda, long strideA, long b, int ldb,
        long strideB, boolean accumulate, long c, int ldc, long strideC, int count, ElementType factors,
        ElementType result) {

    /** Floats of the parts of a sum over a batch, at most; 64 MiB. */
    private static final int MOST_IN_PARTS = 1 << 24;
    private static final int MOST_PARTS = 64;

    /**
     * Returns in how many parts the sum over a batch is computed: as many products at a time, since one alone would
     * leave most of a GPU idle. 1 where one call does all.
     */
    static int parts(MatMul op) {
        if (!isSum(op) || isOneProduct(op)) {
            return 1;
        }
        int most = Math.clamp(MOST_IN_PARTS / ((long) op.m() * op.n()), 1, MOST_PARTS);
        int rounds = Math.ceilDiv(op.batch(), most);
        return Math.ceilDiv(op.batch(), rounds);
    }

    private static boolean isSum(MatMul op) {
        return op.c().rank() == 2 && op.batch() > 1;
    }

    /** Whether the matrices of a batch lie so that they are one matrix: rows after rows, or sums after sums. */
    private static boolean isOneProduct(MatMul op) {
        return isSum(op)
                ? op.transposeA() && !op.transposeB()
                : op.batch() == 1 || op.a().rank() == 3 && !op.transposeA() && op.b().rank() == 2;
    }

    /**
     * Returns the calls that a product takes, in order.
     *
     * @param a the address of a
     * @param c the address of c, or of its {@link #parts}, which are set
     */
    static List<Gemm> of(MatMul op, long a, long b, long c) {
        int parts = parts(op);
        boolean add = op.accumulate() && parts == 1;
        if (isOneProduct(op)) {
            int rows = isSum(op) ? 1 : op.batch();
            int sums = isSum(op) ? op.batch() : 1;
            return List.of(call(op, rows * op.m(), sums * op.k(), a, b, c, add, 1));
        }
        if (!isSum(op)) {
            return List.of(call(op, op.m(), op.k(), a, b, c, add, op.batch()));
        }
        var calls = new ArrayList<Gemm>();
        for (int done = 0; done < op.batch(); done += parts) {
            calls.add(call(
                    op, op.m(), op.k(), a + bytes(op.a(), done), b + bytes(op.b(), done), c, add || done > 0,
                    Math.min(parts, op.batch() - done)));
        }
        return calls;
    }

    private static Gemm call(MatMul op, int m, int k, long a, long b, long c, boolean add, int count) {
        int n = op.n();
        return new Gemm(
                op.transposeB(), op.transposeA(), n, m, k, b, op.transposeB() ? k : n,
                count == 1 || op.b().rank() == 2 ? 0 : (long) k * n, a, op.transposeA() ? m : k,
                count == 1 || op.a().rank() == 2 ? 0 : (long) m * k, add, c, n, count == 1 ? 0 : (long) m * n, count,
                op.a().type(), op.c().type());
    }

    /** Of the first matrices of a batch. */
    private static long bytes(Tensor batch, int matrices) {
        return batch.bytes(matrices * batch.shape().inner().size());
    }
}
