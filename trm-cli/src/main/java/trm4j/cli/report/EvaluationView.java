package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.eval.Evaluation;
import trm4j.train.eval.EvaluationRecord;
import trm4j.train.eval.Prediction;
import trm4j.train.eval.PredictionsReader;
import trm4j.train.puzzle.PuzzleFamilies;

/** An evaluation: its figures, where it halted rightly and wrongly, and predictions that are worth looking at. */
final class EvaluationView implements Source {

    private static final String DONE = "done";
    static final String SHOWCASE = "showcase";

    private final Path folder;
    private final int shown;
    private final List<Course> courses = new ArrayList<>();
    private final Map<Integer, int[]> chosen = new TreeMap<>();
    private PredictionsReader reader;
    private List<Stamp> stamps;
    private EvaluationRecord record;
    private ObjectNode view;

    /**
     * An evaluation in a folder, of which nothing is read yet.
     *
     * @param shown predictions to show
     */
    EvaluationView(Path folder, int shown) {
        this.folder = folder;
        this.shown = shown;
    }

    @Override
    public ObjectNode read() {
        record = EvaluationRecord.of(folder);
        var now = Stamp.of(EvaluationRecord.predictions(folder));
        if (view == null || !now.equals(stamps) || record.result().isPresent() != isDone()) {
            view = view();
            stamps = now;
        }
        return view;
    }

    /** What was read last. */
    EvaluationRecord record() {
        return record;
    }

    /** The predictions that are shown. */
    Optional<ObjectNode> shown() {
        return Optional.ofNullable((ObjectNode) view.get(SHOWCASE));
    }

    private boolean isDone() {
        return view.get(DONE).booleanValue();
    }

    private ObjectNode view() {
        var node = JsonNodeFactory.instance.objectNode().put("name", record.name());
        record.begun().ifPresent(begun -> node.put("begun", begun.toString()));
        node.set("settings", record.settings());
        node.put(DONE, record.result().isPresent());
        if (reader == null || reader.isStale()) {
            reader = new PredictionsReader(record);
            courses.clear();
            chosen.clear();
        }
        reader.read(prediction -> {
            courses.add(Course.of(prediction));
            count(prediction, chosen);
        });
        node.put("solved", reader.puzzles());
        // What a result says goes first; those of earlier versions do not say all.
        var result = reader.figures().map(Evaluation::json).orElseGet(JsonNodeFactory.instance::objectNode);
        record.result().ifPresent(told -> result.setAll((ObjectNode) told));
        node.set("result", result);
        if (!chosen.isEmpty()) {
            node.set("chosen", rows(chosen, "right_rollouts"));
        }
        if (view != null && record.result().isEmpty()) {
            // While it goes on, that predictions come is no reason to read hundreds of megabytes again and again.
            Stream.of("puzzles", SHOWCASE).filter(view::has).forEach(key -> node.set(key, view.get(key)));
            return node;
        }
        record.puzzles().ifPresent(dataset -> {
            try (dataset) {
                node.put("puzzles", PuzzleFamilies.of(dataset.info()).plural());
                node.set(SHOWCASE, showcase(dataset));
            }
        });
        return node;
    }

    /** For each number of a puzzle's rollouts that were right: of how many puzzles the chosen one was, and was not. */
    private static void count(Prediction prediction, Map<Integer, int[]> counts) {
        if (prediction.rollouts().isEmpty() || prediction.labelled() == 0) {
            return;
        }
        int right = (int) prediction.rollouts().stream()
                .filter(prediction::isRight)
                .count();
        boolean chosen = prediction.isRight(prediction.rollouts().get(prediction.chosen()));
        counts.computeIfAbsent(right, _ -> new int[2])[chosen ? 0 : 1]++;
    }

    private static ArrayNode rows(Map<Integer, int[]> counts, String key) {
        var list = JsonNodeFactory.instance.arrayNode();
        counts.forEach((value, count) ->
                list.addObject().put(key, value).put("right", count[0]).put("wrong", count[1]));
        return list;
    }

    private ObjectNode showcase(PuzzleDataset dataset) {
        var drawing = new Drawing(dataset.info());
        var choices = Choice.of(courses, shown);
        var wanted = choices.stream().map(choice -> choice.course().example()).collect(Collectors.toSet());
        Map<Integer, Prediction> predictions = new HashMap<>();
        record.predictions(prediction -> {
            if (wanted.contains(prediction.example())) {
                predictions.put(prediction.example(), prediction);
            }
        });
        var node = JsonNodeFactory.instance.objectNode().put("candidates", courses.size());
        PuzzleFamilies.remark(dataset).ifPresent(remark -> node.put("remark", remark));
        node.set("drawing", drawing.json());
        var puzzles = node.putArray("puzzles");
        choices.forEach(choice -> puzzle(choice, predictions.get(choice.course().example()), drawing, dataset)
                .ifPresent(puzzles::add));
        return node;
    }

    /** Nothing where the data set is not what it was. */
    private static Optional<ObjectNode> puzzle(
            Choice choice, Prediction prediction, Drawing drawing, PuzzleDataset dataset) {
        int number = choice.course().example();
        if (number >= dataset.examples()) {
            return Optional.empty();
        }
        var example = dataset.example(number);
        var family = PuzzleFamilies.of(dataset.info());
        if (!family.json(example.inputs(), example.inputs(), prediction.identifier()).equals(prediction.question())) {
            return Optional.empty();
        }
        int pad = dataset.info().padId();
        return drawing.tokens(prediction.answer(), pad).map(answer -> {
            var puzzle = JsonNodeFactory.instance.objectNode().put("example", number).put("why", choice.why());
            if (prediction.rating() != null) {
                puzzle.put("rating", prediction.rating());
            }
            // Grids are as they were before they were turned and coloured, and so is what they are compared with.
            boolean turned = Drawing.isGrid(prediction.question());
            puzzle.set("question", Drawing.cells(turned
                    ? drawing.tokens(prediction.question(), pad).orElseThrow() : example.inputs()));
            puzzle.set("label", Drawing.cells(turned
                    ? drawing.tokens(family.json(example.inputs(), example.labels(), prediction.identifier()), -1)
                            .orElseThrow()
                    : example.labels()));
            int last = prediction.steps();
            var step = puzzle.putArray("steps").addObject()
                    .put("step", last).put("halt", prediction.haltLogits()[last - 1])
                    .put("halts", prediction.haltedAt() == last);
            step.set("answer", Drawing.cells(answer));
            puzzle.put("halts_at", prediction.haltedAt()).put("labelled", choice.course().labelled());
            if (!prediction.rollouts().isEmpty()) {
                var rollouts = puzzle.put("chosen", prediction.chosen()).putArray("rollouts");
                for (var rollout : prediction.rollouts()) {
                    rollouts.addObject()
                            .put("right", rollout.right()).put("halt", rollout.haltLogit())
                            .put("same_as", rollout.sameAs()).put("accepted", rollout.accepted());
                }
            }
            var right = puzzle.putArray("right");
            for (int count : choice.course().right()) {
                right.add(count);
            }
            return puzzle;
        });
    }
}
