package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.cli.report.StepLog.Step;
import trm4j.kernels.UserException;
import trm4j.kernels.device.Device;
import trm4j.model.RolloutSolver;
import trm4j.model.SolvingPlan;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.eval.EvaluationRecord;
import trm4j.train.eval.EvaluationSettings;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.table.FittedModel;
import trm4j.train.torch.ModelFile;

/**
 * Has the model of an evaluation solve again, as it did, what is shown of it, so that one can go through the steps:
 * predictions only have the last.
 */
final class Replay {

    private static final int BATCH = 16;

    private final Device device;
    private final Duration patience;

    /**
     * Prepares it.
     *
     * @param device null where nothing is solved
     * @param patience with what is measured beside
     */
    Replay(Device device, Duration patience) {
        this.device = device;
        this.patience = patience;
    }

    /**
     * Solves puzzles again, each by all of its tries.
     *
     * @param showcase the puzzles, as {@link EvaluationView} shows them
     * @return the same with all steps of the try that gave the answer, and whether the model contracts; nothing where the
     *     model or the puzzles are not there any more, or there is too little memory. A puzzle that comes out otherwise, on
     *     another device say, stays as it is.
     */
    Optional<ObjectNode> of(EvaluationRecord record, ObjectNode showcase) {
        try {
            var settings = EvaluationSettings.of(record.path());
            if (device == null || showcase.path("puzzles").isEmpty() || !Files.isRegularFile(settings.model())
                    || !record.isOf(settings.model())) {
                return Optional.empty();
            }
            return record.puzzles().map(dataset -> {
                try (dataset) {
                    return of(settings, dataset, showcase);
                }
            });
        } catch (UserException e) {
            // The page is worth having without.
            return Optional.empty();
        }
    }

    private ObjectNode of(EvaluationSettings settings, PuzzleDataset dataset, ObjectNode showcase) {
        var file = settings.model();
        var model = FittedModel.of(
                ModelFile.load(file).computedIn(settings.dtype()), file, dataset, settings.data()).model();
        var family = PuzzleFamilies.of(dataset.info());
        var tries = settings.tries();
        var rollouts = tries.rollouts();
        var disguises = tries.disguises(family, dataset.info().seqLen(), dataset.info().vocabSize());
        var log = new StepLog(disguises, model.train().loss().kind());
        var shown = showcase.deepCopy();
        Map<Integer, ObjectNode> puzzles = new HashMap<>();
        shown.get("puzzles").forEach(puzzle -> puzzles.put(puzzle.get("example").intValue(), (ObjectNode) puzzle));
        int slots = Math.max(rollouts.count(), Math.min(BATCH, rollouts.count() * puzzles.size()));
        var plan = new SolvingPlan(device, model.config(), model.train().loss(), slots, rollouts.noise() > 0);
        try (var solver = plan.open(model.tensors())) {
            var again = new RolloutSolver(
                    solver, settings.steps(), settings.halting(), rollouts, disguises, tries.judge(family));
            again.observe(log);
            again.solve(
                    puzzles.keySet().stream().mapToInt(i -> i).iterator(), dataset::example, (number, _, outcome) ->
                            put(puzzles.get(number), log.take(number, outcome.chosen()),
                                    outcome.solution().haltedAt(), dataset), () -> false);
        }
        return shown.set("contraction", Contraction.of(device, model, dataset, patience));
    }

    /** Puts the steps of the try that gave the answer in the place of the last one, if they lead to it. */
    private static void put(ObjectNode puzzle, List<Step> taken, int haltedAt, PuzzleDataset dataset) {
        var example = dataset.example(puzzle.get("example").intValue());
        var family = PuzzleFamilies.of(dataset.info());
        var identifier = dataset.name(example.puzzleIdentifier()).orElse(null);
        var drawing = new Drawing(dataset.info());
        // As predictions have answers: several tokens may be written alike.
        var written = taken.stream().flatMap(step -> drawing
                .tokens(family.json(example.inputs(), step.answer(), identifier), dataset.info().padId()).stream()).toList();
        if (written.size() < taken.size()
                || !Drawing.cells(written.getLast()).equals(puzzle.at("/steps/0/answer"))) {
            return;
        }
        // Grids of ARC are shown as they were before they were turned, where it is not known how sure a cell is.
        boolean turned = Drawing.isGrid(family.json(example.inputs(), example.inputs(), identifier));
        puzzle.set("steps", Showcase.steps(turned
                ? IntStream.range(0, taken.size()).mapToObj(i -> taken.get(i).written(written.get(i))).toList()
                : taken, haltedAt));
    }
}
