package trm4j.kernels.cpu;

import trm4j.kernels.Tensor;

/** A matrix or a batch of them: element (i, j) of matrix number x is at x*batch + i*row + j*column. */
record Matrix(View view, int batch, int row, int column) {

    static Matrix of(Tensor t, boolean transposed, Memory memory) {
        int columns = t.dim(-1);
        return new Matrix(
                memory.view(t), t.rank() == 3 ? t.dim(1) * columns : 0, transposed ? 1 : columns,
                transposed ? columns : 1);
    }

    Matrix transpose() {
        return new Matrix(view, batch, column, row);
    }

    Object array() {
        return view.array();
    }
}
