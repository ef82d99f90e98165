import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Prints how many times faster one of two builds is, of whose rounds {@code trm bench} wrote {@code RUNS/old-N} and
 * {@code RUNS/new-N}: {@code BenchRatios RUNS ROUNDS OLD-NAME}. A figure is the fastest of its round; a row shows the
 * median of the rounds, and of their ratios. Operations that take less than 1% of the old build's training step are
 * left out, as is what one of the builds does not have.
 */
public final class BenchRatios {

    private static final double LEAST_SHARE = 0.01;

    /** Figures of all devices by their names, in the bench's order. */
    private record Run(Map<String, Double> seconds, Map<String, Double> shares) {

        static Run read(Path folder) throws IOException {
            var run = new Run(new LinkedHashMap<>(), new LinkedHashMap<>());
            var devices = new ObjectMapper().readTree(folder.resolve("bench.json").toFile()).path("devices");
            for (var device : devices) {
                var on = devices.size() == 1 ? "" : device.path("device").asText() + ": ";
                run.add(on, "training step", device.path("training").path("time").path("least"), 1);
                run.add(on, "evaluation step", device.path("evaluation").path("time").path("least"), 1);
                run.add(on, "first step's extra", device.path("training").path("first_step_seconds"), 1);
                run.add(on, "compiling of training", device.path("training").path("compile_seconds"), 1);
                StreamSupport.stream(device.path("operations").spliterator(), false).forEach(operation -> run.add(
                        on, operation.path("operation").asText() + " " + operation.path("shape").asText(),
                        operation.path("time").path("least"), operation.path("of_training").asDouble()));
            }
            return run;
        }

        private void add(String on, String name, JsonNode figure, double share) {
            if (figure.asDouble() > 0) {
                seconds.merge(on + name, figure.asDouble(), Double::sum);
                shares.merge(on + name, share, Double::sum);
            }
        }
    }

    private BenchRatios() {}

    public static void main(String[] args) throws IOException {
        var before = new ArrayList<Run>();
        var after = new ArrayList<Run>();
        for (int round = 1; round <= Integer.parseInt(args[1]); round++) {
            before.add(Run.read(Path.of(args[0], "old-" + round)));
            after.add(Run.read(Path.of(args[0], "new-" + round)));
        }
        System.out.printf("%-52s %12s %12s %8s   of %d rounds%n", "", args[2], "this", "faster", before.size());
        for (var name : before.getFirst().seconds.keySet()) {
            var rounds = IntStream.range(0, before.size())
                    .filter(i -> before.get(i).seconds.containsKey(name) && after.get(i).seconds.containsKey(name))
                    .boxed().toList();
            if (!rounds.isEmpty() && before.getFirst().shares.get(name) >= LEAST_SHARE) {
                var ratios = rounds.stream().map(i -> before.get(i).seconds.get(name) / after.get(i).seconds.get(name))
                        .sorted().toList();
                System.out.printf(
                        Locale.ROOT, "%-52s %12s %12s %7.2fx   %.2f to %.2f%n", name, time(before, rounds, name),
                        time(after, rounds, name), median(ratios), ratios.getFirst(), ratios.getLast());
            }
        }
    }

    private static String time(List<Run> runs, List<Integer> rounds, String name) {
        double seconds = median(rounds.stream().map(i -> runs.get(i).seconds.get(name)).sorted().toList());
        return seconds >= 1 ? String.format(Locale.ROOT, "%.2f s", seconds)
                : seconds >= 1e-3 ? String.format(Locale.ROOT, "%.2f ms", 1e3 * seconds)
                : String.format(Locale.ROOT, "%.1f us", 1e6 * seconds);
    }

    private static double median(List<Double> sorted) {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
