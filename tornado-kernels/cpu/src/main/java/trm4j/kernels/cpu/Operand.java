package trm4j.kernels.cpu;

import trm4j.kernels.Tensor;

/** A matrix or a batch of them: element (i, j) of matrix number x is at x*batch + i*row + j*column. */
record Operand(View view, int batch, int row, int column) {

    static Operand of(Tensor t, boolean transposed, Memory memory) {
        int columns = t.dim(-1);
        return new Operand(
                memory.view(t), t.rank() == 3 ? t.dim(1) * columns : 0, transposed ? 1 : columns,
                transposed ? columns : 1);
    }

    Operand transpose() {
        return new Operand(view, batch, column, row);
    }

    float[] array() {
        return view.floats();
    }
}
