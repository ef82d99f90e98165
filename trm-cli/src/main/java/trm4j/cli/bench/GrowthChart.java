package trm4j.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import trm4j.cli.bench.GrowthReport.Point;

/** Growth on logarithmic axes: what was measured as points, what was expected as a broken line. */
final class GrowthChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 600;
    private static final double MEBI = 1 << 20;

    private GrowthChart() {}

    static Map<String, Chart<?, ?>> of(GrowthReport report) {
        var charts = new LinkedHashMap<String, Chart<?, ?>>();
        charts.put("time", chart(
                report, "seconds of a training step", report.law(), p -> p.time().median(), Point::lawSeconds));
        charts.put("memory", chart(
                report, "MiB of memory", "as computed", p -> p.heapBytes() / MEBI, p -> p.footprintBytes() / MEBI));
        return charts;
    }

    private static XYChart chart(
            GrowthReport report, String title, String law, ToDoubleFunction<Point> measured,
            ToDoubleFunction<Point> expected) {
        var chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.shape() + ": " + title)
                .xAxisTitle(report.kind())
                .yAxisTitle(title)
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
        for (var series : report.series()) {
            var sizes = series.points().stream().map(Point::size).toList();
            chart.addSeries(series.device(), sizes, values(series.points(), measured)).setLineStyle(SeriesLines.NONE);
            chart.addSeries(series.device() + ", " + law, sizes, values(series.points(), expected))
                    .setMarker(SeriesMarkers.NONE)
                    .setLineStyle(SeriesLines.DASH_DASH);
        }
        return chart;
    }

    private static List<Double> values(List<Point> points, ToDoubleFunction<Point> figure) {
        return points.stream().map(figure::applyAsDouble).toList();
    }
}
