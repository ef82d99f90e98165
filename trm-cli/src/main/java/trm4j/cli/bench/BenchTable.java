package trm4j.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import trm4j.cli.bench.BenchReport.DeviceReport;
import trm4j.model.net.Parameters;
import trm4j.train.Plural;

/** A bench as people read it: what devices can do, each operation with the worst first, whole steps. */
public final class BenchTable {

    /** Operations with less of a step than this, on every device, are told together. */
    static final double LITTLE = 0.001;

    private BenchTable() {}

    public static void print(BenchReport report, PrintWriter out) {
        var arch = report.arch();
        out.printf(
                Locale.ROOT, "%s: %s in a step, T %d, D %d, %,d parameters%n%n", report.shape(),
                Plural.count(report.batch(), "puzzle"), arch.positions(), arch.hiddenSize(),
                new Parameters(arch).trained());
        peaks(report, out);
        if (!report.devices().getFirst().operations().isEmpty()) {
            operations(report, out);
        }
        steps(report, out);
    }

    private static void peaks(BenchReport report, PrintWriter out) {
        var table = new TextTable(1);
        line(table, report, "", DeviceReport::device);
        line(table, report, "multiply-adds", d -> Measures.giga(d.peak().flops(), "FLOP/s"));
        line(table, report, "copy, read and written", d -> Measures.giga(d.peak().bandwidth(), "B/s"));
        line(table, report, "to start a program", d -> Measures.seconds(d.peak().programLaunch()));
        line(table, report, "and each of its kernels", d -> Measures.seconds(d.peak().kernelLaunch()));
        table.print(out);
        report.devices().forEach(d -> out.println(d.device() + ": " + d.description()));
        out.println();
    }

    private static void line(
            TextTable table, BenchReport report, String title, Function<DeviceReport, String> figure) {
        var cells = new ArrayList<>(List.of(title));
        report.devices().stream().map(figure).forEach(cells::add);
        table.row(cells);
    }

    /** Rows of the same operation on all devices, what loses the most time on the first device first. */
    static List<List<OperationResult>> worstFirst(BenchReport report) {
        var devices = report.devices();
        return IntStream.range(0, devices.getFirst().operations().size())
                .mapToObj(i -> devices.stream().map(d -> d.operations().get(i)).toList())
                .sorted(Comparator.comparingDouble(row -> -row.getFirst().lost()))
                .toList();
    }

    private static void operations(BenchReport report, PrintWriter out) {
        var table = new TextTable(2);
        var names = new ArrayList<>(List.of("", "", ""));
        var heads = new ArrayList<>(List.of("operation", "shape", "calls"));
        for (var device : report.devices()) {
            names.addAll(List.of(device.device(), "", "", "", "", ""));
            heads.addAll(List.of("time", "+-", "rate", "of peak", "of step", "check"));
        }
        if (report.devices().size() > 1) {
            table.row(names);
        }
        table.row(heads);
        var little = new ArrayList<List<OperationResult>>();
        for (var row : worstFirst(report)) {
            boolean counts = row.stream().anyMatch(r -> r.ofTraining() >= LITTLE || !r.passes());
            if (!counts) {
                little.add(row);
                continue;
            }
            var first = row.getFirst();
            var cells = new ArrayList<>(
                    List.of(first.operation(), first.shape(), String.valueOf(first.trainingCalls())));
            for (int d = 0; d < row.size(); d++) {
                cells.addAll(cells(row.get(d), report.devices().get(d).peak()));
            }
            table.row(cells);
        }
        if (!little.isEmpty()) {
            var cells = new ArrayList<>(List.of(little.size() + " more", "each below 0.1% of a step", ""));
            for (int d = 0; d < report.devices().size(); d++) {
                int device = d;
                double share = little.stream().mapToDouble(row -> row.get(device).ofTraining()).sum();
                cells.addAll(List.of("", "", "", "", Measures.percent(share), ""));
            }
            table.row(cells);
        }
        table.print(out);
        out.println();
    }

    private static List<String> cells(OperationResult result, Peak peak) {
        if (!result.passes()) {
            return List.of("", "", "", "", "", "WRONG" + error(result));
        }
        return List.of(
                Measures.seconds(result.time().median()), Measures.percent(result.time().spread()),
                peak.bindsArithmetic(result.flops(), result.bytes())
                        ? Measures.giga(result.flopsPerSecond(), "FLOP/s")
                        : Measures.giga(result.bytesPerSecond(), "B/s"),
                Measures.percent(result.ofPeak()), Measures.percent(result.ofTraining()),
                result.check() == OperationResult.Check.REFERENCE ? "reference" : "ok" + error(result));
    }

    private static String error(OperationResult result) {
        return result.error() == null ? "" : String.format(Locale.ROOT, " %.0e", result.error());
    }

    private static void steps(BenchReport report, PrintWriter out) {
        var table = new TextTable(1);
        line(table, report, "", DeviceReport::device);
        step(table, report, "training step", DeviceReport::training);
        step(table, report, "evaluation step", DeviceReport::evaluation);
        if (report.devices().getFirst().run() != null) {
            var run = report.devices().getFirst().run();
            line(table, report, String.format(Locale.ROOT, "a run of %,d %s of %d", run.steps(),
                    Plural.of(run.steps(), "step"), run.batch()),
                    d -> Measures.duration(d.run().days() * 24 * 3600));
        }
        table.print(out);
    }

    private static void step(
            TextTable table, BenchReport report, String title, Function<DeviceReport, StepReport> step) {
        Function<Function<StepReport, String>, Function<DeviceReport, String>> of = step::andThen;
        line(table, report, title, of.apply(s ->
                Measures.seconds(s.time().median()) + " +-" + Measures.percent(s.time().spread())));
        line(table, report, "  samples/s", of.apply(s -> Measures.digits(s.samplesPerSecond())));
        line(table, report, "  FLOPs counted, of peak", of.apply(s ->
                Measures.digits(s.flops() * 1e-9) + " G, " + Measures.percent(s.utilisation())));
        if (!report.devices().getFirst().operations().isEmpty()) {
            line(table, report, "  its operations one by one", of.apply(s -> Measures.percent(s.operations())));
        }
        line(table, report, "  starting them", of.apply(s -> Measures.percent(s.launching())));
        line(table, report, "  memory computed, heap used", of.apply(s ->
                Measures.mebibytes(s.footprintBytes()) + ", " + Measures.mebibytes(s.heapBytes())));
        line(table, report, "  to compile, first step's extra", of.apply(s ->
                Measures.seconds(s.compileSeconds()) + ", " + Measures.seconds(s.firstStepSeconds())));
    }
}
