package trm4j.model.net;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;

/**
 * Adds up the gradients of a share's micro-batches as the {@link SumTree} has it. All of them are computed in one
 * buffer, from 0 on; sums that others are to be added to wait in buffers of their own.
 */
final class PartialSums {

    private final SumTree tree;
    private final Share share;
    private final Buffer gradients;
    private final List<Buffer> waiting;
    /** Puts what was computed where it waits, and begins from 0 again. */
    private final List<Program> put;
    /** Adds what waits. */
    private final List<Program> add;

    /** @param gradients what a micro-batch adds to, 0 when the first begins */
    PartialSums(Share share, Buffer gradients) {
        this.share = share;
        this.gradients = gradients;
        tree = new SumTree(share.of());
        waiting = IntStream.range(0, tree.waiting(share))
                .mapToObj(i -> Buffer.floats("sum " + i, gradients.size()))
                .toList();
        put = waiting.stream()
                .map(sum -> new Program(
                        "put sum", CopyColumns.all(gradients.all(), sum.all()), new Fill(gradients.all(), 0)))
                .toList();
        add = waiting.stream()
                .map(sum -> new Program(
                        "add sum", new Add(List.of(sum.all(), gradients.all()), gradients.all())))
                .toList();
    }

    /** Returns the buffers that hold the nodes {@link SumTree#within} the share at the end, in their order. */
    List<Buffer> nodes() {
        int waits = tree.within(share).size() - 1;
        return Stream.concat(waiting.stream().limit(waits), Stream.of(gradients)).toList();
    }

    /**
     * Schedules all micro-batches.
     *
     * @param computes schedules one, counted from the share's first
     */
    void schedule(Schedule.Builder schedule, IntConsumer computes) {
        var nodes = tree.within(share);
        for (int i = 0; i < nodes.size(); i++) {
            schedule(schedule, nodes.get(i), i, computes);
            if (i < nodes.size() - 1) {
                schedule.run(put.get(i));
            }
        }
    }

    private void schedule(Schedule.Builder schedule, SumTree.Node node, int depth, IntConsumer computes) {
        if (node.isLeaf()) {
            computes.accept(node.from() - share.first());
            return;
        }
        schedule(schedule, node.left(), depth, computes);
        schedule.run(put.get(depth));
        schedule(schedule, node.right(), depth + 1, computes);
        schedule.run(add.get(depth));
    }

    /** Schedules each of the sums' programs once, to tell what they take. */
    void scheduleOnce(Schedule.Builder schedule) {
        put.forEach(schedule::run);
        add.forEach(schedule::run);
    }
}
