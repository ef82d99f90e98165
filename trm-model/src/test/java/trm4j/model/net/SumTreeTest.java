package trm4j.model.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SumTreeTest {

    @ParameterizedTest
    @CsvSource({"1, 0", "2, (0+1)", "3, ((0+1)+2)", "6, (((0+1)+(2+3))+(4+5))", "7, (((0+1)+(2+3))+((4+5)+6))"})
    void theShapeGoesByTheNumberOfMicroBatches(int leaves, String shape) {
        assertEquals(shape, text(new SumTree(leaves).root()));
    }

    private static String text(SumTree.Node node) {
        return node.isLeaf() ? "" + node.from() : "(" + text(node.left()) + "+" + text(node.right()) + ")";
    }

    /** Whoever computes which: shares follow each other, and what they add up are nodes of the one tree. */
    @Test
    void sharesAreMadeOfNodesOfTheTree() {
        for (int leaves = 1; leaves <= 20; leaves++) {
            var tree = new SumTree(leaves);
            for (int size = 1; size <= leaves; size++) {
                int end = 0;
                for (int rank = 0; rank < size; rank++) {
                    var share = Share.of(leaves, rank, size);
                    assertEquals(end, share.first());
                    assertTrue(Math.abs(share.count() - leaves / (double) size) < 1, share.toString());
                    for (var node : tree.within(share)) {
                        assertEquals(end, node.from());
                        assertTrue(isIn(tree.root(), node), node + " of " + leaves);
                        end = node.to();
                    }
                    assertEquals(share.first() + share.count(), end);
                }
                assertEquals(leaves, end);
            }
        }
    }

    private static boolean isIn(SumTree.Node tree, SumTree.Node node) {
        return tree.equals(node) || !tree.isLeaf() && (isIn(tree.left(), node) || isIn(tree.right(), node));
    }

    /** As many as there are ones in the binary form of the micro-batches before, at most. */
    @Test
    void fewSumsWait() {
        var found = IntStream.of(1, 2, 3, 4, 7, 8, 12, 96)
                .mapToObj(leaves -> leaves + ":" + new SumTree(leaves).waiting(Share.whole(leaves)))
                .collect(Collectors.joining(" "));
        assertEquals("1:0 2:1 3:1 4:2 7:2 8:3 12:3 96:6", found);
        assertEquals(
                List.of(new SumTree.Node(3, 4), new SumTree.Node(4, 6)), new SumTree(6).within(Share.of(6, 1, 2)));
        assertEquals(2, new SumTree(6).waiting(Share.of(6, 1, 2)));
    }
}
