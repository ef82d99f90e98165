package trm4j.kernels.tornado;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;

/**
 * Kernels for GPUs, and a vendor's library for all matrix products. What the library computes in parts, a kernel adds
 * up.
 */
record LibraryKernels(ProductLibrary library, KernelSet rest) implements KernelSet {

    static final String NAME = "library";

    /** The columns of a product's row. */
    private static final int A = 0, B = 1, C = 2, END = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Recipe> recipe(Operation operation) {
        return operation instanceof MatMul op ? Optional.of(product(op)) : rest.recipe(operation);
    }

    /** A sum over a batch may be computed in parts, which are floats. */
    @Override
    public boolean multipliesHalves() {
        return true;
    }

    @Override
    public Optional<Recipe> rounding(Operation operation) {
        return operation instanceof MatMul op ? Optional.of(product(op)) : rest.rounding(operation);
    }

    private Recipe product(MatMul op) {
        int parts = library.parts(op);
        if (parts == 1) {
            return Recipe.of(launch(op, op.c()));
        }
        return Recipe.withScratch(Math.multiplyExact(parts, op.c().size()), space -> List.of(
                launch(op, space), PartSums.of("matmul parts", space, op.c(), op.accumulate())));
    }

    private Launch launch(MatMul op, Tensor c) {
        return Launch.of("library matmul", END)
                .operand(A, op.a())
                .operand(B, op.b())
                .operand(C, c)
                .on(Threads.NONE, caller -> caller.product(library, op));
    }
}
