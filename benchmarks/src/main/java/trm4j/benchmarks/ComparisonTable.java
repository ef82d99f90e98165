package trm4j.benchmarks;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One line for each computation: every library's time and rate, and ours as a multiple of it. Times are medians of
 * JMH's iterations, with half the distance from the fastest to the slowest.
 */
final class ComparisonTable {

    private static final String LIBRARY = "with";

    private final Map<String, Map<Library, RunResult>> lines = new LinkedHashMap<>();

    static ComparisonTable of(Collection<RunResult> results) {
        var table = new ComparisonTable();
        for (var result : results) {
            var params = result.getParams();
            var library = params.getParam(LIBRARY);
            table.lines
                    .computeIfAbsent(name(params), n -> new EnumMap<>(Library.class))
                    .put(library == null ? Library.TRM4J : Library.valueOf(library), result);
        }
        return table;
    }

    private static String name(BenchmarkParams params) {
        var names = params.getBenchmark().split("\\.");
        var sizes = params.getParamsKeys().stream().filter(k -> !k.equals(LIBRARY)).map(params::getParam);
        return names[names.length - 2].replace("Benchmark", "") + " " + sizes.collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        var libraries = EnumSet.noneOf(Library.class);
        lines.values().forEach(line -> libraries.addAll(line.keySet()));
        var text = new StringBuilder("%-46s".formatted("ms, rate, trm4j's speed as a multiple"));
        libraries.forEach(library -> text.append("%29s".formatted(library.label())));
        text.append('\n');
        lines.forEach((name, line) -> {
            text.append("%-38s%8s".formatted(name, unit(line)));
            libraries.forEach(library -> text.append("%29s".formatted(cell(line, library))));
            text.append('\n');
        });
        return text.toString();
    }

    private static String cell(Map<Library, RunResult> line, Library library) {
        var result = line.get(library);
        if (result == null) {
            return "";
        }
        var ours = line.get(Library.TRM4J);
        var relative = library == Library.TRM4J || ours == null ? "" : "%.2f".formatted(score(ours) / score(result));
        var statistics = result.getPrimaryResult().getStatistics();
        double spread = (statistics.getMax() - statistics.getMin()) / 2 / score(result);
        return "%.2f ±%2.0f%% %7.1f%6s".formatted(
                1000 / score(result), 100 * spread, median(rate(result)), relative);
    }

    private static String unit(Map<Library, RunResult> line) {
        return rate(line.values().iterator().next()).getLabel().equals("gflop") ? "GFLOP/s" : "GB/s";
    }

    /** {@link Work} by the second. */
    private static Result<?> rate(RunResult result) {
        return result.getSecondaryResults().values().iterator().next();
    }

    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }

    /** Runs by the second. */
    private static double score(RunResult result) {
        return median(result.getPrimaryResult());
    }
}
