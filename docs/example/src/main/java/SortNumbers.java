import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import trm4j.model.Example;
import trm4j.train.data.RandomOrder;
import trm4j.train.data.TokenDataset;

/** A data set of puzzles of one's own, digits to be sorted: {@code SortNumbers DIR}. */
public final class SortNumbers {

    private static final int LENGTH = 8;
    private static final int IMAGES = 3;

    private SortNumbers() {}

    public static void main(String[] args) {
        var random = new SplittableRandom(0);
        var all = Stream.generate(() -> random.ints(LENGTH, 0, Sorting.VOCABULARY).sorted().boxed().toList())
                .distinct().limit(2200).map(sorted -> example(sorted, random)).toList();
        TokenDataset.write(
                Path.of(args[0]), new Sorting(), Sorting.VOCABULARY, all.subList(0, 2000), all.subList(2000, 2200),
                IMAGES, 0, false);
        System.out.println("Written to " + args[0]);
    }

    private static Example example(List<Integer> sorted, SplittableRandom random) {
        int[] labels = sorted.stream().mapToInt(Integer::intValue).toArray();
        int[] inputs = new int[LENGTH];
        int[] order = RandomOrder.of(LENGTH, random);
        for (int i = 0; i < LENGTH; i++) {
            inputs[i] = labels[order[i]];
        }
        return new Example(inputs, labels, 0);
    }
}
