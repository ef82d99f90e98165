package trm4j.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import trm4j.kernels.UserException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.metrics.MetricsFile;
import trm4j.train.metrics.MetricsReader;
import trm4j.train.metrics.RunMetrics;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.run.RunRecord;

/** A training run: what it is, its curves, and the last step and evaluation. */
final class RunView implements Source {

    private static final List<String> TRAIN = List.of(
            "/loss", "/exact_accuracy", "/accuracy", "/steps", "/gradient_norm", "/weight_norm", "/lr",
            "/samples_per_s", "/depth");
    private static final List<String> TEST = List.of(
            "/test/exact_accuracy", "/test/accuracy", "/test/steps", "/test/exact_accuracy_at_halt", "/test/lm_loss",
            "/test/arc/pass_at/1", "/test/arc/pass_at/2", "/test/rules/shortest");

    private final Path folder;
    private final String name;
    private final MetricsReader reader;
    private final Curves train = new Curves(TRAIN);
    private final Curves test = new Curves(TEST);
    private JsonNode lastStep;
    private JsonNode lastTest;
    private List<Stamp> stamps;
    private RunRecord run;
    private ObjectNode view;

    /**
     * A run in a folder, of which nothing is read yet.
     *
     * @param name what to call it; null for its folder's name
     */
    RunView(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        reader = new MetricsReader(folder, new MetricsReader.Sink() {
            @Override
            public void begin() {
                train.clear();
                test.clear();
                lastStep = null;
                lastTest = null;
            }

            @Override
            public void line(JsonNode line) {
                if (RunMetrics.isEvaluation(line)) {
                    lastTest = line;
                    test.add(line);
                } else {
                    lastStep = line;
                    train.add(line);
                }
            }
        });
    }

    @Override
    public ObjectNode read() {
        var record = RunRecord.of(folder);
        var now = Stamp.of(
                folder.resolve(MetricsFile.NAME), record.model().orElse(folder), record.data().orElse(folder));
        if (!now.equals(stamps) || !record.equals(run)) {
            reader.read();
            run = record;
            view = view();
            stamps = now;
        }
        return view;
    }

    /** What was read last. */
    RunRecord run() {
        return run;
    }

    private ObjectNode view() {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("name", name == null ? run.name() : name).put("version", run.version());
        run.device().ifPresent(device -> node.put("device", device));
        run.parameters().ifPresent(count -> node.put("parameters", count));
        run.begun().ifPresent(begun -> node.put("begun", begun.toString()));
        run.data().ifPresent(data -> node.put("data", described(data)));
        var settings = node.putObject("settings");
        run.settings().forEach(settings::put);
        node.set("train", train.columns());
        node.set("test", test.columns());
        if (lastStep != null) {
            node.set("last_step", lastStep);
        }
        if (lastTest != null) {
            node.set("last_test", lastTest);
        }
        return node;
    }

    /** A data set in a few words; those of no kind, and those that are damaged, by their folder alone. */
    static String described(Path data) {
        var name = data.toAbsolutePath().normalize().getFileName().toString();
        try {
            var info = DatasetInfo.of(data);
            return name + ": " + PuzzleFamilies.of(info).plural() + " of " + info.seqLen() + " cells";
        } catch (UserException e) {
            return name;
        }
    }
}
