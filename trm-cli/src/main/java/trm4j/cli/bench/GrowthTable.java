package trm4j.cli.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import trm4j.train.Plural;

/** Growth as people read it. */
public final class GrowthTable {

    private GrowthTable() {}

    public static void print(GrowthReport report, PrintWriter out) {
        var arch = report.arch();
        out.printf(
                Locale.ROOT, "A training step of %s with growing %s (the rest: %s, T %d, D %d), expected: %s%n",
                report.shape(), report.kind(), Plural.count(report.train().batchSize(), "puzzle"), arch.positions(),
                arch.hiddenSize(), report.law());
        for (var series : report.series()) {
            out.println();
            out.println(series.device() + ": " + series.description());
            var table = new TextTable(0);
            table.row(List.of(
                    report.kind(), "time", "+-", "expected", "time of expected", "memory computed", "heap used"));
            for (var point : series.points()) {
                double seconds = point.time().median();
                table.row(List.of(
                        String.valueOf(point.size()), Measures.seconds(seconds),
                        Measures.percent(point.time().spread()), Measures.seconds(point.lawSeconds()),
                        Measures.percent(seconds / point.lawSeconds()), Measures.mebibytes(point.footprintBytes()),
                        Measures.mebibytes(point.heapBytes())));
            }
            table.print(out);
        }
    }
}
