package trm4j.model.net;

import java.util.ArrayList;
import java.util.List;

/**
 * The order in which the gradients of a batch's micro-batches are added up: a binary tree, whose shape depends on their
 * number alone. So the sum has the same bits, whoever has computed which of them.
 *
 * @param leaves micro-batches, at least 1
 */
public record SumTree(int leaves) {

    /**
     * The sum over micro-batches {@code from .. to - 1}: of one, its gradient; of several, the sum of two nodes, the first
     * over the largest power of two that is less than all.
     */
    public record Node(int from, int to) {

        public boolean isLeaf() {
            return to - from == 1;
        }

        public Node left() {
            return new Node(from, middle());
        }

        public Node right() {
            return new Node(middle(), to);
        }

        private int middle() {
            return from + Integer.highestOneBit(to - from - 1);
        }

        /** The sums that wait at most, while the leaves are computed one after the other. */
        private int waiting() {
            return isLeaf() ? 0 : Math.max(left().waiting(), 1 + right().waiting());
        }
    }

    /** Returns the sum over all. */
    public Node root() {
        return new Node(0, leaves);
    }

    /** Returns the largest nodes whose micro-batches are all in a share, from first to last. */
    public List<Node> within(Share share) {
        var nodes = new ArrayList<Node>();
        collect(root(), share, nodes);
        return nodes;
    }

    private static void collect(Node node, Share share, List<Node> nodes) {
        int end = share.first() + share.count();
        if (share.first() <= node.from && node.to <= end) {
            nodes.add(node);
        } else if (node.from < end && share.first() < node.to) {
            collect(node.left(), share, nodes);
            collect(node.right(), share, nodes);
        }
    }

    /** Returns how many sums wait at most, while a share's micro-batches are computed one after the other. */
    public int waiting(Share share) {
        var nodes = within(share);
        int most = 0;
        for (int i = 0; i < nodes.size(); i++) {
            most = Math.max(most, i + nodes.get(i).waiting());
        }
        return most;
    }
}
