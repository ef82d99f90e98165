package trm4j.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * each has what one process would have, to the bit. Each adds up a part of the gradients, of all processes, as the {@link
 * SumTree} has it, and gives the sums to the others: a process sends and receives each number about twice, however many
 * there are.
 */
final class BatchExchange {

    private final Ranks ranks;
    private final Execution execution;
    private final TrainingPrograms programs;
    private final SumTree tree;
    /** What each rank computes. */
    private final List<Share> shares;
    /** The sums that each rank has. */
    private final List<List<SumTree.Node>> nodes;
    /** The most that a rank has: in as many rounds, each gives the others their parts of one. */
    private final int rounds;

    /** A part of an array. */
    private record Part(float[] numbers, int at) {}

    BatchExchange(Ranks ranks, Execution execution, TrainingPrograms programs, int microBatches) {
        this.ranks = ranks;
        this.execution = execution;
        this.programs = programs;
        tree = new SumTree(microBatches);
        shares = IntStream.range(0, ranks.size())
                .mapToObj(rank -> Share.of(microBatches, rank, ranks.size()))
                .toList();
        nodes = shares.stream().map(tree::within).toList();
        rounds = nodes.stream().mapToInt(List::size).max().orElseThrow();
    }

    /** Together: completes what {@link TrainingPrograms#gradients} left on the device. */
    void run() {
        if (!programs.partialSums.isEmpty()) {
            addUpGradients();
        }
        gatherShared();
    }

    private void addUpGradients() {
        var gradients = programs.partialSums.getLast();
        // Where the part of the gradients begins that each rank adds up.
        var starts = IntStream.rangeClosed(0, ranks.size())
                .map(rank -> (int) ((long) gradients.size() * rank / ranks.size()))
                .toArray();
        int length = starts[ranks.rank() + 1] - starts[ranks.rank()];
        var parts = new HashMap<SumTree.Node, Part>();
        float[] all = {};
        for (int i = 0; i < rounds; i++) {
            int node = i;
            var from = new int[ranks.size() + 1];
            for (int rank = 0; rank < ranks.size(); rank++) {
                from[rank + 1] = from[rank] + (node < nodes.get(rank).size() ? length : 0);
            }
            var received = new float[from[ranks.size()]];
            if (node < programs.partialSums.size()) {
                all = execution.floats(programs.partialSums.get(node));
                ranks.allToAll(all, starts, received, from);
            } else {
                ranks.allToAll(new float[0], new int[starts.length], received, from);
            }
            for (int rank = 0; rank < ranks.size(); rank++) {
                if (node < nodes.get(rank).size()) {
                    parts.put(nodes.get(rank).get(node), new Part(received, from[rank]));
                }
            }
        }
        var sum = sum(tree.root(), parts, length);
        System.arraycopy(sum.numbers, sum.at, all, starts[ranks.rank()], length);
        ranks.allGather(all, starts);
        execution.write(gradients, all);
    }

    /** Adds up a node in the place of its first part. */
    private static Part sum(SumTree.Node node, Map<SumTree.Node, Part> parts, int length) {
        var part = parts.get(node);
        if (part != null) {
            return part;
        }
        var left = sum(node.left(), parts, length);
        var right = sum(node.right(), parts, length);
        add(left.numbers, left.at, right.numbers, right.at, length);
        return left;
    }

    private static void add(float[] sum, int at, float[] more, int from, int length) {
        for (int i = 0; i < length; i++) {
            sum[at + i] += more[from + i];
        }
    }

    /** Gives all processes what they need of the whole batch, in one message each. */
    private void gatherShared() {
        var starts = new int[ranks.size() + 1];
        for (int rank = 0; rank < ranks.size(); rank++) {
            int of = shares.get(rank).count();
            starts[rank + 1] = starts[rank]
                    + programs.shared.stream().mapToInt(each -> each.all().size() / tree.leaves() * of).sum();
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
                int length = all.length / tree.leaves() * shares.get(rank).count();
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
