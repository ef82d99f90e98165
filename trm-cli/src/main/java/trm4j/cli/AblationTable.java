package trm4j.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import trm4j.train.ablation.AblationRow;
import trm4j.train.ablation.Variant;

/** Shows an ablation as a table: a line for each variant, with means over the seeds. */
public final class AblationTable {

    private static final String COLUMNS = "%-52s %16s %7s %6s %6s %7s %11s %9s%n";

    private AblationTable() {}

    /** Returns the table of some variants; one without rows has no line. */
    public static String of(List<Variant> variants, List<AblationRow> rows) {
        var text = new StringBuilder(String.format(
                Locale.ROOT, COLUMNS, "", "exact", "cells", "steps", "depth", "passes", "parameters", "training"));
        for (var variant : variants) {
            var own = rows.stream().filter(row -> row.variant().equals(variant.key())).toList();
            if (!own.isEmpty()) {
                text.append(line(variant.title(), own));
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

    /** Returns the mean, and of several seeds the least and the largest too. */
    private static String exact(List<AblationRow> rows) {
        var text = percent(mean(rows, AblationRow::exact));
        if (rows.size() == 1) {
            return text;
        }
        var sorted = rows.stream().map(AblationRow::exact).sorted().toList();
        return text + String.format(Locale.ROOT, " %.0f-%.0f", 100 * sorted.getFirst(), 100 * sorted.getLast());
    }

    private static double mean(List<AblationRow> rows, ToDoubleFunction<AblationRow> value) {
        return rows.stream().mapToDouble(value).average().orElseThrow();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
