package trm4j.kernels.cpu;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SwiGlu;

/**
 * Three operations of a SwiGLU feed-forward in a row, which one kernel does: gates and ups, their gated product, and
 * what is made of that. What lies between them need not leave the cache.
 *
 * @param project makes gates and ups
 * @param gate makes the gated product of them
 * @param down multiplies that
 */
record FeedForward(MatMul project, SwiGlu.Forward gate, MatMul down) {

    /** How many operations it takes the place of. */
    static final int OPERATIONS = 3;

    /** Returns the feed-forward that begins with the first of some operations, if there is one. */
    static Optional<FeedForward> startOf(List<Operation> operations) {
        return operations.size() >= OPERATIONS
                        && operations.get(0) instanceof MatMul project
                        && operations.get(1) instanceof SwiGlu.Forward gate
                        && operations.get(2) instanceof MatMul down
                ? Optional.of(new FeedForward(project, gate, down)).filter(FeedForward::isWhole)
                : Optional.empty();
    }

    private boolean isWhole() {
        boolean connected = isSame(project.c(), gate.gateUp())
                && isSame(gate.out(), byRows() ? down.a() : down.b())
                && !project.accumulate() && !down.accumulate();
        return connected && (isByRows() || isByColumns()) && isApart() && !rounds();
    }

    /** Tells whether weights multiply from the right, so that rows are independent of each other; else columns are. */
    boolean byRows() {
        return project.a().rank() == project.b().rank();
    }

    private boolean isByRows() {
        return Stream.of(project.a(), project.b(), project.c(), down.a(), down.b(), down.c())
                        .allMatch(tensor -> tensor.rank() == 2)
                && !down.transposeA()
                && gate.gateUp().dim(0) == project.m();
    }

    private boolean isByColumns() {
        return MatMulBatchKernel.fits(project) && MatMulBatchKernel.fits(down) && !down.transposeB()
                && gate.gateUp().dim(0) == project.batch();
    }

    /** Tells whether nothing is written that a part of it still reads. */
    private boolean isApart() {
        var written = List.of(gate.gateUp().buffer(), gate.out().buffer(), down.c().buffer());
        return written.stream().distinct().count() == written.size()
                && Stream.of(project.a(), project.b(), byRows() ? down.b() : down.a())
                        .noneMatch(tensor -> written.contains(tensor.buffer()));
    }

    /** Numbers of bfloat16 are left to the single kernels: with all the rounding, C2 makes objects of vectors here. */
    private boolean rounds() {
        return Stream.of(project, gate, down).anyMatch(Spaces::rounds);
    }

    /** Returns the width of the gates: half of what the first product makes. */
    int inner() {
        return (byRows() ? project.n() : project.m()) / 2;
    }

    private static boolean isSame(Tensor a, Tensor b) {
        return a.buffer() == b.buffer() && a.offset() == b.offset() && a.index() == b.index()
                && a.stride() == b.stride() && a.size() == b.size();
    }
}
