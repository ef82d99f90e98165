package trm4j.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import trm4j.model.net.Share;
import trm4j.model.net.SumTree;
import trm4j.model.ranks.Ranks;

/**
 * Adds up the gradients of processes that train together, in the order that the {@link SumTree} has: block after block,
 * each process adds up its part of one and gives the sums to the others. A process sends and receives each number about
 * twice, however many there are.
 */
final class GradientExchange {

    /** Numbers that a process adds up at a time: few enough to stay in a processor's cache meanwhile. */
    private static final int PART = 1 << 17;

    private final Ranks ranks;
    private final SumTree tree;
    /** The sums that each rank has. */
    private final List<List<SumTree.Node>> nodes;
    /** The most that a rank has: in as many rounds, each gives the others their parts of one. */
    private final int rounds;

    /** A part of an array. */
    private record Part(float[] numbers, int at) {}

    /** @param shares the micro-batches of each rank */
    GradientExchange(Ranks ranks, SumTree tree, List<Share> shares) {
        this.ranks = ranks;
        this.tree = tree;
        nodes = shares.stream().map(tree::within).toList();
        rounds = nodes.stream().mapToInt(List::size).max().orElseThrow();
    }

    /**
     * Together: adds up.
     *
     * @param sums this rank's, of the nodes of the tree that are within its share; the sum over all comes into the last
     */
    void addUp(List<float[]> sums) {
        int length = sums.getLast().length;
        int part = Math.min(PART, Math.ceilDiv(length, ranks.size()));
        var received = new float[rounds][part * ranks.size()];
        for (int from = 0; from < length; from += part * ranks.size()) {
            addUp(sums, from, Math.min(part * ranks.size(), length - from), received);
        }
    }

    private void addUp(List<float[]> sums, int first, int length, float[][] received) {
        // Where the part of the block begins that each rank adds up.
        var starts = IntStream.rangeClosed(0, ranks.size())
                .map(rank -> first + (int) ((long) length * rank / ranks.size()))
                .toArray();
        int own = starts[ranks.rank() + 1] - starts[ranks.rank()];
        var parts = new HashMap<SumTree.Node, Part>();
        for (int i = 0; i < rounds; i++) {
            var from = new int[ranks.size() + 1];
            for (int rank = 0; rank < ranks.size(); rank++) {
                boolean sends = i < nodes.get(rank).size();
                from[rank + 1] = from[rank] + (sends ? own : 0);
                if (sends) {
                    parts.put(nodes.get(rank).get(i), new Part(received[i], from[rank]));
                }
            }
            boolean sends = i < sums.size();
            ranks.allToAll(
                    sends ? sums.get(i) : new float[0], sends ? starts : new int[starts.length], received[i], from);
        }
        var sum = sum(tree.root(), parts, own);
        System.arraycopy(sum.numbers, sum.at, sums.getLast(), starts[ranks.rank()], own);
        ranks.allGather(sums.getLast(), starts);
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
}
