import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import trm4j.model.Example;
import trm4j.train.data.TokenDataset;

/** A data set of puzzles of one's own, digits to be sorted: {@code SortNumbers DIR}. */
public final class SortNumbers {

    private static final int LENGTH = 8;
    private static final int VOCABULARY = 10;

    private SortNumbers() {}

    public static void main(String[] args) {
        var random = new SplittableRandom(0);
        var all = Stream.generate(() -> random.ints(LENGTH, 0, VOCABULARY).boxed().toList())
                .distinct().limit(2200).map(SortNumbers::example).toList();
        TokenDataset.write(
                Path.of(args[0]), "sorting", VOCABULARY, all.subList(0, 2000), all.subList(2000, 2200), false);
        System.out.println("Written to " + args[0]);
    }

    private static Example example(List<Integer> digits) {
        int[] inputs = digits.stream().mapToInt(Integer::intValue).toArray();
        int[] labels = inputs.clone();
        Arrays.sort(labels);
        return new Example(inputs, labels, 0);
    }
}
