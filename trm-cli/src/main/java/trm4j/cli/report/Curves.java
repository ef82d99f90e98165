package trm4j.cli.report;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers that change from step to step, thinned out as they come to as many points as a picture can show. A point
 * stands for some neighbouring lines, always as many: it has their mean, and the lowest and the highest of them, so
 * that a single spike stays.
 */
final class Curves {

    /** Twice as many are halved. */
    private static final int POINTS = 300;

    private final List<JsonPointer> keys;
    private final List<Point> points = new ArrayList<>();
    /** Lines that a point stands for; the last may have fewer. */
    private int each = 1;

    /** Some neighbouring lines; for each key, how many have a number, and what comes of these. */
    private static final class Point {
        long step;
        int lines;
        final int[] counts;
        final double[] sums;
        final double[] lowest;
        final double[] highest;

        Point(int keys) {
            counts = new int[keys];
            sums = new double[keys];
            lowest = new double[keys];
            highest = new double[keys];
            Arrays.fill(lowest, Double.POSITIVE_INFINITY);
            Arrays.fill(highest, Double.NEGATIVE_INFINITY);
        }

        void add(Point later) {
            step = later.step;
            lines += later.lines;
            for (int key = 0; key < counts.length; key++) {
                counts[key] += later.counts[key];
                sums[key] += later.sums[key];
                lowest[key] = Math.min(lowest[key], later.lowest[key]);
                highest[key] = Math.max(highest[key], later.highest[key]);
            }
        }
    }

    /**
     * Curves without points.
     *
     * @param keys as paths in a line, such as {@code /test/accuracy}
     */
    Curves(List<String> keys) {
        this.keys = keys.stream().map(JsonPointer::compile).toList();
    }

    void clear() {
        points.clear();
        each = 1;
    }

    /** Adds a line of a run's metrics, which has a step. */
    void add(JsonNode line) {
        var point = new Point(keys.size());
        point.step = line.path("step").asLong();
        point.lines = 1;
        for (int key = 0; key < keys.size(); key++) {
            var value = line.at(keys.get(key));
            if (value.isNumber() && Double.isFinite(value.asDouble())) {
                point.counts[key] = 1;
                point.sums[key] = point.lowest[key] = point.highest[key] = value.asDouble();
            }
        }
        if (!points.isEmpty() && points.getLast().lines < each) {
            points.getLast().add(point);
            return;
        }
        if (points.size() == 2 * POINTS) {
            halve();
        }
        points.add(point);
    }

    private void halve() {
        for (int i = 0; i < POINTS; i++) {
            var first = points.get(2 * i);
            first.add(points.get(2 * i + 1));
            points.set(i, first);
        }
        points.subList(POINTS, points.size()).clear();
        each *= 2;
    }

    /**
     * Returns a column of means for each key, {@code accuracy} for {@code /test/accuracy}, and one for {@code step},
     * the last that a point stands for; where points stand for several lines, the columns {@code NAME_lowest} and
     * {@code NAME_highest} too. Where no line has a number, they have null.
     */
    ObjectNode columns() {
        var columns = JsonNodeFactory.instance.objectNode();
        var steps = columns.putArray("step");
        points.forEach(point -> steps.add(point.step));
        for (int key = 0; key < keys.size(); key++) {
            var name = keys.get(key).toString().replaceFirst("^/(test/)?", "");
            var means = columns.putArray(name);
            for (var point : points) {
                add(means, point, key, point.sums[key] / point.counts[key]);
            }
            if (each > 1) {
                var lowest = columns.putArray(name + "_lowest");
                var highest = columns.putArray(name + "_highest");
                for (var point : points) {
                    add(lowest, point, key, point.lowest[key]);
                    add(highest, point, key, point.highest[key]);
                }
            }
        }
        return columns;
    }

    /** As many digits as anybody can see. */
    private static void add(ArrayNode column, Point point, int key, double value) {
        if (point.counts[key] == 0) {
            column.addNull();
        } else {
            column.add((float) value);
        }
    }
}
