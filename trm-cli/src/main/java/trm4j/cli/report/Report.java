package trm4j.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.device.Device;
import trm4j.train.metrics.MetricsReader;
import trm4j.train.run.RunRecord;

/** Reads what a page shows of one or several runs, as JSON, again and again while the runs go on. */
public final class Report {

    private static final List<String> TRAIN = List.of(
            "/loss", "/exact_accuracy", "/accuracy", "/steps", "/gradient_norm", "/weight_norm", "/lr",
            "/samples_per_s");
    private static final List<String> TEST = List.of(
            "/test/exact_accuracy", "/test/accuracy", "/test/steps", "/test/exact_accuracy_at_halt", "/test/lm_loss",
            "/test/arc/pass_at/1", "/test/arc/pass_at/2", "/test/rules/shortest");

    private final List<Path> folders;
    private final Showcase showcase;
    /** Puzzles by the run's folder, as its newest model solved them. */
    private final Map<Path, Solved> solved = new HashMap<>();

    /** By the run's folder. */
    private final Map<Path, MetricsReader> metrics = new HashMap<>();

    private record Solved(Path model, ArrayNode puzzles) {}

    /**
     * Makes a report that has read nothing yet.
     *
     * @param folders of runs, at least one
     * @param device what solves the puzzles
     * @param puzzles how many test puzzles of each run to solve; 0 for none
     */
    public Report(List<Path> folders, Device device, int puzzles) {
        this.folders = List.copyOf(folders);
        showcase = new Showcase(device, puzzles);
    }

    /**
     * Returns all of it as it is now.
     *
     * @throws trm4j.train.RunException if a folder is not a run's
     */
    public ObjectNode read() {
        var runs = folders.stream()
                .map(run -> RunRecord.of(run, metrics.computeIfAbsent(run, MetricsReader::new)))
                .toList();
        var report = JsonNodeFactory.instance.objectNode();
        var list = report.putArray("runs");
        runs.forEach(run -> list.add(of(run)));
        var settings = report.putArray("differences");
        RunRecord.differences(runs).forEach((key, values) -> {
            var row = settings.addObject().put("key", key).putArray("values");
            values.forEach(row::add);
        });
        return report;
    }

    private ObjectNode of(RunRecord run) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("name", run.name()).put("version", run.version());
        node.set("settings", settings(run));
        node.set("train", Curve.columns(run.steps(), TRAIN));
        node.set("test", Curve.columns(run.evaluations(), TEST));
        if (!run.steps().isEmpty()) {
            node.set("last_step", run.steps().getLast());
        }
        if (!run.evaluations().isEmpty()) {
            node.set("last_test", run.evaluations().getLast());
        }
        node.set("puzzles", puzzles(run));
        return node;
    }

    private static ObjectNode settings(RunRecord run) {
        var settings = JsonNodeFactory.instance.objectNode();
        run.settings().forEach(settings::put);
        return settings;
    }

    /** Solves puzzles anew only where there is another model. */
    private JsonNode puzzles(RunRecord run) {
        var model = run.model();
        if (model.isEmpty()) {
            return JsonNodeFactory.instance.arrayNode();
        }
        var known = solved.get(run.path());
        if (known == null || !known.model.equals(model.get())) {
            known = new Solved(model.get(), showcase.of(run));
            solved.put(run.path(), known);
        }
        return known.puzzles;
    }
}
