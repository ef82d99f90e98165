package trm4j.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import trm4j.train.ablation.AblationRow;
import trm4j.train.ablation.Variant;

/** Shows an ablation as a table: a line for each variant, with means over the seeds. */
public final class AblationTable {

    private static final String COLUMNS = "%-52s %16s %7s %6s %6s %7s %11s %9s";
    private static final String REACHED = " %10s %9s %22s";

    private AblationTable() {}

    /**
     * Returns the table of some variants; one without rows has no line.
     *
     * @param reach the share of exact puzzles whose cost is told, from 0 to 1
     */
    public static String of(List<Variant> variants, List<AblationRow> rows, OptionalDouble reach) {
        var text = new StringBuilder(String.format(
                Locale.ROOT, COLUMNS, "", "exact", "cells", "steps", "depth", "passes", "parameters", "training"));
        reach.ifPresent(share -> text.append(String.format(
                Locale.ROOT, REACHED, "samples/s", "FLOPs", "FLOPs to " + goal(share))));
        text.append(System.lineSeparator());
        for (var variant : variants) {
            var own = rows.stream().filter(row -> row.variant().equals(variant.key())).toList();
            if (!own.isEmpty()) {
                text.append(line(variant.title(), own));
                reach.ifPresent(share -> text.append(reached(own, share)));
                text.append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    private static String line(String title, List<AblationRow> rows) {
        var any = rows.getFirst();
        return String.format(
                Locale.ROOT, COLUMNS, title, exact(rows), percent(mean(rows, AblationRow::cells)),
                String.format(Locale.ROOT, "%.1f", mean(rows, AblationRow::steps)), any.depth(), any.forwardPasses(),
                String.format(Locale.ROOT, "%,d", any.parameters()),
                String.format(Locale.ROOT, "%.0f s", mean(rows, AblationRow::seconds)));
    }

    /** Returns the mean, and of several seeds the standard deviation too. */
    private static String exact(List<AblationRow> rows) {
        double mean = mean(rows, AblationRow::exact);
        if (rows.size() == 1) {
            return percent(mean);
        }
        double squares = mean(rows, row -> Math.pow(row.exact() - mean, 2)) * rows.size() / (rows.size() - 1);
        return String.format(Locale.ROOT, "%s ± %.1f", percent(mean), 100 * Math.sqrt(squares));
    }

    /** Returns the speed, and what training took: all of it, and until a share was exact, of those who got there. */
    private static String reached(List<AblationRow> rows, double share) {
        var points = rows.stream().flatMap(row -> row.reached(share).stream()).toList();
        var there = points.isEmpty()
                ? "never"
                : flops(points.stream().mapToDouble(AblationRow.Point::flops).average().orElseThrow());
        return String.format(
                Locale.ROOT, REACHED, String.format(Locale.ROOT, "%.0f", mean(rows, AblationRow::samplesPerSecond)),
                flops(mean(rows, row -> row.course().isEmpty() ? Double.NaN : row.course().getLast().flops())),
                there + (points.isEmpty() || points.size() == rows.size()
                        ? ""
                        : " (" + points.size() + " of " + rows.size() + ")"));
    }

    private static String goal(double share) {
        return BigDecimal.valueOf(100 * share).round(new MathContext(6)).stripTrailingZeros().toPlainString() + "%";
    }

    private static String flops(double count) {
        return Double.isNaN(count) ? "" : String.format(Locale.ROOT, "%.2e", count).replaceFirst("e\\+0?", "e");
    }

    private static double mean(List<AblationRow> rows, ToDoubleFunction<AblationRow> value) {
        return rows.stream().mapToDouble(value).average().orElseThrow();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
