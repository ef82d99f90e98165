package trm4j.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;

/** Bars for each operation, devices side by side: its time in a training step, and the share of the peak. */
final class OperationChart {

    private static final int WIDTH = 1200;
    private static final int HEIGHT = 700;
    private static final int VERTICAL = 90;
    /** Operations with less of a step on every device have no bars. */
    private static final double SHOWN = 0.005;


    private OperationChart() {}

    static Map<String, Chart<?, ?>> of(BenchReport report) {
        var rows = BenchTable.worstFirst(report).stream()
                .filter(row -> row.stream().allMatch(OperationResult::passes))
                .filter(row -> row.stream().anyMatch(r -> r.ofTraining() >= SHOWN))
                .toList();
        var charts = new LinkedHashMap<String, Chart<?, ?>>();
        if (!rows.isEmpty()) {
            charts.put("time", chart(
                    report, rows, "milliseconds of a training step",
                    r -> 1e3 * r.trainingCalls() * r.time().median()));
            charts.put("peak", chart(report, rows, "percent of the device's peak", r -> 100 * r.ofPeak()));
        }
        return charts;
    }

    private static CategoryChart chart(
            BenchReport report, List<List<OperationResult>> rows, String title,
            ToDoubleFunction<OperationResult> figure) {
        var chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.shape() + ", batch " + report.batch() + ": " + title)
                .yAxisTitle(title)
                .build();
        chart.getStyler().setXAxisLabelRotation(VERTICAL);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        var names = rows.stream().map(row -> row.getFirst().operation() + " " + row.getFirst().shape()).toList();
        for (int d = 0; d < report.devices().size(); d++) {
            int device = d;
            var figures = rows.stream().map(row -> figure.applyAsDouble(row.get(device))).toList();
            chart.addSeries(report.devices().get(d).device(), names, figures);
        }
        return chart;
    }
}
