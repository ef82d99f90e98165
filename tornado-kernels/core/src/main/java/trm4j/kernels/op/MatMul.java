package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * c = a b, or c += a b. Each operand is a matrix [rows, columns] or a batch of them [n, rows, columns]; a
 * single matrix serves every product of the batch. Where a and b are batches and c is a single matrix, c
 * is the sum of the products.
 *
 * @param transposeA a is stored as its transpose [k, m] instead of [m, k]
 * @param transposeB b is stored as its transpose [n, k] instead of [k, n]
 * @param accumulate add to c instead of setting it
 */
public record MatMul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor c, boolean accumulate)
        implements Operation {

    public MatMul {
        var batch = Math.max(batch(a), Math.max(batch(b), batch(c)));
        Operation.require(
                fits(a, batch) && fits(b, batch) && fits(c, batch)
                        && (c.rank() == 3 || a.rank() == b.rank())
                        && rows(a, transposeA) == c.dim(-2)
                        && rows(b, transposeB) == columns(a, transposeA)
                        && columns(b, transposeB) == c.dim(-1),
                "matmul", a, b, c);
    }

    /** Returns the product that sets c. */
    public static MatMul set(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor c) {
        return new MatMul(a, transposeA, b, transposeB, c, false);
    }

    /** Returns the product that adds to c. */
    public static MatMul add(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor c) {
        return new MatMul(a, transposeA, b, transposeB, c, true);
    }

    /** Returns the rows of c. */
    public int m() {
        return c.dim(-2);
    }

    /** Returns the columns of c. */
    public int n() {
        return c.dim(-1);
    }

    /** Returns the length of the sums. */
    public int k() {
        return columns(a, transposeA);
    }

    /** Returns the number of products. */
    public int batch() {
        return Math.max(batch(a), Math.max(batch(b), batch(c)));
    }

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public String size() {
        var stored = (transposeA ? "T" : "N") + (transposeB ? "T" : "N") + (accumulate ? "+" : "");
        return (batch() == 1 ? "" : batch() + "x ") + m() + "x" + k() + "x" + n() + " " + stored;
    }

    @Override
    public List<Tensor> reads() {
        return accumulate ? List.of(a, b, c) : List.of(a, b);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(c);
    }

    @Override
    public MatMul map(UnaryOperator<Tensor> to) {
        return new MatMul(to.apply(a), transposeA, to.apply(b), transposeB, to.apply(c), accumulate);
    }

    @Override
    public long flops() {
        return 2L * batch() * m() * n() * k();
    }

    private static int batch(Tensor t) {
        return t.rank() == 3 ? t.dim(0) : 1;
    }

    private static boolean fits(Tensor t, int batch) {
        return t.rank() == 2 || t.rank() == 3 && t.dim(0) == batch;
    }

    private static int rows(Tensor t, boolean transposed) {
        return t.dim(transposed ? -1 : -2);
    }

    private static int columns(Tensor t, boolean transposed) {
        return t.dim(transposed ? -2 : -1);
    }
}
