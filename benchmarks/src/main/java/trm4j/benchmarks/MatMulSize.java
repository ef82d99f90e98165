package trm4j.benchmarks;

import static trm4j.benchmarks.MatMulSize.Operand.BATCH;
import static trm4j.benchmarks.MatMulSize.Operand.BATCH_TRANSPOSED;
import static trm4j.benchmarks.MatMulSize.Operand.SINGLE;
import static trm4j.benchmarks.MatMulSize.Operand.SINGLE_TRANSPOSED;

import trm4j.kernels.Shape;

/**
 * A product c = a b of m x k and k x n, or a batch of them, and how each matrix lies in memory. Where a and b are
 * batches and c is a single matrix, c is the sum of the products.
 *
 * @param batch 1 for a single product
 */
record MatMulSize(Operand a, Operand b, Operand c, int batch, int m, int k, int n) {

    /** One matrix for all products or one for each, stored row by row as it is or as its transpose. */
    enum Operand {
        SINGLE,
        SINGLE_TRANSPOSED,
        BATCH,
        BATCH_TRANSPOSED;

        boolean transposed() {
            return this == SINGLE_TRANSPOSED || this == BATCH_TRANSPOSED;
        }

        boolean batched() {
            return this == BATCH || this == BATCH_TRANSPOSED;
        }

        Shape shape(int batch, int rows, int columns) {
            int outer = transposed() ? columns : rows;
            int inner = transposed() ? rows : columns;
            return batched() ? Shape.of(batch, outer, inner) : Shape.of(outer, inner);
        }
    }

    /** y = x W^T: rows of x go through weights W [outputs, inputs]. */
    static MatMulSize rows(int rows, int inputs, int outputs) {
        return new MatMulSize(SINGLE, SINGLE_TRANSPOSED, SINGLE, 1, rows, inputs, outputs);
    }

    /** The gradient of y = x W^T by x: dx = dy W. */
    static MatMulSize rowsByInput(int rows, int inputs, int outputs) {
        return new MatMulSize(SINGLE, SINGLE, SINGLE, 1, rows, outputs, inputs);
    }

    /** The gradient of y = x W^T by W: dW = dy^T x. */
    static MatMulSize rowsByWeight(int rows, int inputs, int outputs) {
        return new MatMulSize(SINGLE_TRANSPOSED, SINGLE, SINGLE, 1, outputs, rows, inputs);
    }

    /** y = W x for each x [inputs, columns] of a batch. */
    static MatMulSize columns(int batch, int inputs, int outputs, int columns) {
        return new MatMulSize(SINGLE, BATCH, BATCH, batch, outputs, inputs, columns);
    }

    /** The gradient of y = W x by x: dx = W^T dy. */
    static MatMulSize columnsByInput(int batch, int inputs, int outputs, int columns) {
        return new MatMulSize(SINGLE_TRANSPOSED, BATCH, BATCH, batch, inputs, outputs, columns);
    }

    /** The gradient of y = W x by W: the sum of dy x^T over the batch. */
    static MatMulSize columnsByWeight(int batch, int inputs, int outputs, int columns) {
        return new MatMulSize(BATCH, BATCH_TRANSPOSED, SINGLE, batch, outputs, columns, inputs);
    }

    Shape shapeA() {
        return a.shape(batch, m, k);
    }

    Shape shapeB() {
        return b.shape(batch, k, n);
    }

    Shape shapeC() {
        return c.shape(batch, m, n);
    }

    /** Multiplications and additions. */
    double flops() {
        return 2.0 * batch * m * k * n;
    }
}
