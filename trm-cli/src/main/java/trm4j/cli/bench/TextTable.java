package trm4j.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as what stands in them; the first few begin at the left, the others end at the right. */
final class TextTable {

    private static final String GAP = "  ";

    private final int left;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table whose first so many columns are words. */
    TextTable(int left) {
        this.left = left;
    }

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    void print(PrintWriter out) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        for (var row : rows) {
            for (int c = 0; c < row.size(); c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int c = 0; c < row.size(); c++) {
                var cell = row.get(c);
                var space = " ".repeat(widths[c] - cell.length());
                line.append(c == 0 ? "" : GAP).append(c < left ? cell + space : space + cell);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }
}
