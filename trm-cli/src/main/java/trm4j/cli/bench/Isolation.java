package trm4j.cli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/**
 * Takes operations out of a model's buffers and gives each operand a buffer of just its size, which operations
 * share. What worked in place still does. Two operations of one kind, with the same shapes, then are equal.
 */
final class Isolation {

    private record Size(ElementType type, int elements) {}

    private record Place(Buffer buffer, int offset, Index index) {}

    private final Map<Size, List<Buffer>> buffers = new HashMap<>();

    /** The same operation, alone. */
    Operation of(Operation operation) {
        return new Operands().of(operation);
    }

    /** The operands of one operation. */
    private final class Operands {

        private final Map<Place, Tensor> moved = new HashMap<>();
        private final Map<Size, Integer> taken = new HashMap<>();

        private Tensor at(Tensor t) {
            int[] dimensions = t.shape().dimensions().stream().mapToInt(d -> d).toArray();
            return moved.computeIfAbsent(new Place(t.buffer(), t.offset(), t.index()), _ -> next(t)).as(dimensions);
        }

        private Tensor next(Tensor t) {
            var size = new Size(t.buffer().type(), t.size());
            int number = taken.merge(size, 1, Integer::sum) - 1;
            var known = buffers.computeIfAbsent(size, _ -> new ArrayList<>());
            if (number == known.size()) {
                var name = "operand " + number;
                known.add(Buffer.of(name, size.type, size.elements));
            }
            return known.get(number).all();
        }

        private Operation of(Operation operation) {
            return switch (operation) {
                case AdamAtan2 op -> new AdamAtan2(
                        at(op.weights()), at(op.gradients()), at(op.m()), at(op.v()), at(op.ema()), at(op.rates()),
                        op.beta1(), op.beta2(), op.decay(), op.emaRate());
                case Add op -> new Add(op.terms().stream().map(this::at).toList(), at(op.out()));
                case Attention.Forward op -> new Attention.Forward(at(op.qkv()), at(op.out()), at(op.logSumExp()));
                case Attention.Backward op -> new Attention.Backward(
                        at(op.qkv()), at(op.out()), at(op.logSumExp()), at(op.dOut()), at(op.dQkv()));
                case BinaryCrossEntropy op -> new BinaryCrossEntropy(
                        at(op.logits()), op.column(), at(op.targets()), op.gradScale(), at(op.dLogits()),
                        at(op.loss()));
                case CopyColumns op -> new CopyColumns(
                        at(op.from()), op.fromStart(), at(op.to()), op.toStart(), op.width(), op.scale(),
                        op.accumulate());
                case CrossEntropy op -> new CrossEntropy(
                        op.kind(), at(op.logits()), at(op.labels()), op.gradScale(), op.dLogits().map(this::at),
                        at(op.predictions()), at(op.loss()), at(op.right()), at(op.labelled()), at(op.exact()));
                case Embedding.Gather op -> new Embedding.Gather(
                        at(op.ids()), at(op.table()), at(op.out()), op.start(), op.cell(), op.scale());
                case Embedding.ScatterAdd op -> new Embedding.ScatterAdd(
                        at(op.ids()), at(op.dOut()), at(op.dTable()), op.start(), op.cell(), op.scale());
                case Fill op -> new Fill(at(op.out()), op.value());
                case FmaChain op -> new FmaChain(at(op.x()), op.factor(), op.term(), op.length());
                case Halting.Step op -> new Halting.Step(
                        at(op.q()), at(op.minSteps()), at(op.steps()), at(op.halted()), op.maxSteps(),
                        op.againstContinue());
                case Halting.ContinueTarget op -> new Halting.ContinueTarget(
                        at(op.nextQ()), at(op.steps()), at(op.target()), op.maxSteps());
                case Halting.Metrics op -> new Halting.Metrics(
                        at(op.q()), at(op.right()), at(op.labelled()), at(op.exact()), at(op.steps()),
                        at(op.halted()), at(op.loss()), at(op.haltLoss()), at(op.continueLoss()), at(op.sums()));
                case MatMul op -> new MatMul(
                        at(op.a()), op.transposeA(), at(op.b()), op.transposeB(), at(op.c()), op.accumulate());
                case RmsNorm.Forward op -> new RmsNorm.Forward(
                        at(op.x()), at(op.residual()), at(op.y()), at(op.scale()), op.epsilon());
                case RmsNorm.Backward op -> new RmsNorm.Backward(
                        at(op.dy()), at(op.y()), at(op.scale()), at(op.dSum()));
                case Rope op -> new Rope(at(op.x()), op.rotated(), op.theta(), op.inverse());
                case RowBroadcast.Forward op -> new RowBroadcast.Forward(at(op.row()), op.scale(), at(op.x()));
                case RowBroadcast.Backward op -> new RowBroadcast.Backward(at(op.dx()), op.scale(), at(op.dRow()));
                case SelectRows op -> new SelectRows(at(op.mask()), at(op.source()), at(op.out()));
                case SignSgd op -> new SignSgd(
                        at(op.ids()), at(op.gradients()), at(op.table()), at(op.rate()), op.decay());
                case SquareSums op -> new SquareSums(at(op.x()), at(op.sums()));
                case SwiGlu.Forward op -> new SwiGlu.Forward(at(op.gateUp()), at(op.out()));
                case SwiGlu.Backward op -> new SwiGlu.Backward(
                        at(op.gateUp()), at(op.dOut()), at(op.out()), at(op.dGateUp()));
            };
        }
    }
}
