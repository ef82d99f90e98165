import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.device.Devices;
import trm4j.model.Trm;

/** Sorts digits with a model that learned it from {@link SortNumbers}' puzzles: {@code SortDigits MODEL DIGITS...}. */
public final class SortDigits {

    private SortDigits() {}

    public static void main(String[] args) {
        var puzzles = Stream.of(args).skip(1).map(SortDigits::tokens).toList();
        try (var trm = Trm.load(Path.of(args[0]), Devices.named("cpu"), 64)) {
            var solutions = trm.solve(puzzles);
            for (int i = 0; i < puzzles.size(); i++) {
                var solution = solutions.get(i);
                boolean right = Arrays.equals(IntStream.of(puzzles.get(i)).sorted().toArray(), solution.tokens());
                System.out.printf("%s %s %s after %d steps, sure to %.0f%%%n", args[i + 1], digits(solution.tokens()),
                        right ? "right" : "wrong", solution.steps(), 100 * solution.haltProbability());
            }
        }
    }

    private static int[] tokens(String digits) {
        return digits.chars().map(digit -> digit - '0').toArray();
    }

    private static String digits(int[] tokens) {
        return IntStream.of(tokens).mapToObj(Integer::toString).collect(Collectors.joining());
    }
}
