package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.model.net.Share;
import trm4j.model.net.SumTree;
import trm4j.model.ranks.ThreadRanks;

class GradientExchangeTest {

    private static final int MICRO_BATCHES = 7;

    /** Of so many numbers that they go in several blocks, the last a short one; and of fewer than there are ranks. */
    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 600001", "3, 400001", "4, 3", "7, 920001"})
    void everyRankHasTheSumInTheOrderOfTheTree(int size, int length) {
        var gradients = IntStream.range(0, MICRO_BATCHES)
                .mapToObj(leaf -> numbers(leaf, length))
                .toArray(float[][]::new);
        var tree = new SumTree(MICRO_BATCHES);
        var expected = sum(tree.root(), gradients);
        var shares = IntStream.range(0, size).mapToObj(rank -> Share.of(MICRO_BATCHES, rank, size)).toList();
        ThreadRanks.run(size, ranks -> {
            var own = tree.within(shares.get(ranks.rank())).stream().map(node -> sum(node, gradients)).toList();
            new GradientExchange(ranks, tree, shares).addUp(own);
            assertArrayEquals(expected, own.getLast());
        });
    }

    private static float[] sum(SumTree.Node node, float[][] gradients) {
        if (node.isLeaf()) {
            return gradients[node.from()].clone();
        }
        var left = sum(node.left(), gradients);
        var right = sum(node.right(), gradients);
        for (int i = 0; i < left.length; i++) {
            left[i] += right[i];
        }
        return left;
    }

    private static float[] numbers(long seed, int length) {
        var random = new SplittableRandom(seed);
        var numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = random.nextFloat() * (1 << random.nextInt(20));
        }
        return numbers;
    }
}
