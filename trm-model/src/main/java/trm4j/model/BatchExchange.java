package trm4j.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Execution;
import trm4j.model.net.Share;
import trm4j.model.net.SumTree;
import trm4j.model.net.TrainingPrograms;
import trm4j.model.ranks.Ranks;

/**
 * What processes that train together give each other in a step, after each has computed its share of the batch: then
 * each has what one process would have, to the bit.
 */
final class BatchExchange {

    private final Ranks ranks;
    private final Execution execution;
    private final TrainingPrograms programs;
    private final int microBatches;
    /** What each rank computes. */
    private final List<Share> shares;
    private final GradientExchange gradients;

    BatchExchange(Ranks ranks, Execution execution, TrainingPrograms programs, int microBatches) {
        this.ranks = ranks;
        this.execution = execution;
        this.programs = programs;
        this.microBatches = microBatches;
        shares = IntStream.range(0, ranks.size())
                .mapToObj(rank -> Share.of(microBatches, rank, ranks.size()))
                .toList();
        gradients = new GradientExchange(ranks, new SumTree(microBatches), shares);
    }

    /** Together: completes what {@link TrainingPrograms#gradients} left on the device. */
    void run() {
        if (!programs.partialSums.isEmpty()) {
            addUpGradients();
        }
        gatherShared();
    }

    private void addUpGradients() {
        var sums = programs.partialSums.stream().map(execution::floats).toList();
        gradients.addUp(sums);
        execution.write(programs.partialSums.getLast(), sums.getLast());
    }

    /** Gives all processes what they need of the whole batch, in one message each. */
    private void gatherShared() {
        var starts = new int[ranks.size() + 1];
        for (int rank = 0; rank < ranks.size(); rank++) {
            int of = shares.get(rank).count();
            starts[rank + 1] = starts[rank]
                    + programs.shared.stream().mapToInt(each -> each.all().size() / microBatches * of).sum();
        }
        var message = new int[starts[ranks.size()]];
        int at = starts[ranks.rank()];
        for (var each : programs.shared) {
            var own = bits(each.own());
            System.arraycopy(own, 0, message, at, own.length);
            at += own.length;
        }
        ranks.allGather(message, starts);
        var next = starts.clone();
        for (var each : programs.shared) {
            var all = new int[each.all().size()];
            int to = 0;
            for (int rank = 0; rank < ranks.size(); rank++) {
                int length = all.length / microBatches * shares.get(rank).count();
                System.arraycopy(message, next[rank], all, to, length);
                next[rank] += length;
                to += length;
            }
            write(each.all(), all);
        }
    }

    private int[] bits(Buffer buffer) {
        if (buffer.type() == ElementType.I32) {
            return execution.ints(buffer);
        }
        var floats = execution.floats(buffer);
        var bits = new int[floats.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(floats[i]));
        return bits;
    }

    private void write(Buffer buffer, int[] bits) {
        if (buffer.type() == ElementType.I32) {
            execution.write(buffer, bits);
            return;
        }
        var floats = new float[bits.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat(bits[i]);
        }
        execution.write(buffer, floats);
    }

    /**
     * Together: returns the found that comes first of all processes'; of the lowest rank, if there are several. Its name
     * says which rank's it is, unless all have it.
     */
    Optional<NonFiniteFinder.Found> first(Optional<NonFiniteFinder.Found> own) {
        var text = own.map(found -> found.place() + " " + found.name()).orElse("");
        var all = ranks.allGather(text.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
        boolean isEverywhere = all.stream().distinct().count() == 1;
        return IntStream.range(0, all.size())
                .filter(rank -> !all.get(rank).isEmpty())
                .mapToObj(rank -> {
                    var found = all.get(rank).split(" ", 2);
                    return new NonFiniteFinder.Found(
                            Integer.parseInt(found[0]), found[1] + (isEverywhere ? "" : " on rank " + rank));
                })
                .min(Comparator.comparing(NonFiniteFinder.Found::place));
    }
}
