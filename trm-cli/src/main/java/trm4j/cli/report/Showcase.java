package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.cli.report.StepLog.Step;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.RolloutSolver;
import trm4j.model.Rollouts;
import trm4j.model.Solution;
import trm4j.model.Solver;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.run.RunRecord;
import trm4j.train.table.FittedModel;

/**
 * Has a run's newest model solve test puzzles from all over the data set, step by step, and shows those of them that
 * are worth looking at.
 */
public final class Showcase {

    /** A large model on a slow device takes some seconds for as many. */
    private static final int BATCH = 16;

    private final Device device;
    private final int shown;
    private final int candidates;
    private final Duration patience;

    /**
     * A showcase.
     *
     * @param shown puzzles to show of each run; 0 for none
     * @param candidates puzzles to solve at most, out of which these are chosen
     * @param patience after so long, no further ones are solved
     */
    public Showcase(Device device, int shown, int candidates, Duration patience) {
        this.device = device;
        this.shown = shown;
        this.candidates = Math.max(shown, candidates);
        this.patience = patience;
    }

    /** Returns one that shows nothing. */
    public static Showcase none() {
        return new Showcase(null, 0, 0, Duration.ZERO);
    }

    /** Returns what solves puzzles of evaluations again. */
    Replay replay() {
        return new Replay(device, patience);
    }

    /** A puzzle that was solved: what the model made of it after each step. */
    private record Solved(Course course, List<Step> steps) {}

    /**
     * Solves puzzles of a run, and shows some.
     *
     * @param begins hears of it before it is solved
     * @return nothing where it has no model yet, or its test puzzles are gone
     * @throws trm4j.kernels.UserException if model or puzzles cannot be read, or there is too little memory
     */
    Optional<ObjectNode> of(RunRecord run, Consumer<RunRecord> begins) {
        var data = run.data().filter(dir -> dir.resolve(Split.TEST.toString()).toFile().isDirectory());
        if (shown == 0 || data.isEmpty()) {
            return Optional.empty();
        }
        if (run.model().isEmpty()) {
            return Optional.empty();
        }
        begins.accept(run);
        try (var dataset = PuzzleDataset.open(data.get(), Split.TEST)) {
            return run.model(file -> FittedModel.of(Checkpoint.load(file), file, dataset))
                    .map(fitted -> of(fitted, dataset));
        }
    }

    private ObjectNode of(FittedModel fitted, PuzzleDataset dataset) {
        var checkpoint = fitted.model();
        var solved = solve(checkpoint, dataset);
        var drawing = new Drawing(dataset.info());
        var node = JsonNodeFactory.instance.objectNode()
                .put("step", checkpoint.step())
                .put("candidates", solved.size());
        var remarks = Stream.of(PuzzleFamilies.remark(dataset), fitted.remark(), checkpoint.remark())
                .flatMap(Optional::stream).toList();
        if (!remarks.isEmpty()) {
            node.put("remark", String.join(" ", remarks));
        }
        node.set("drawing", drawing.json());
        node.set("contraction", Contraction.of(device, checkpoint, dataset, patience));
        var puzzles = node.putArray("puzzles");
        for (var choice : Choice.of(solved.stream().map(Solved::course).toList(), shown)) {
            var one = solved.stream().filter(each -> each.course == choice.course()).findFirst().orElseThrow();
            puzzles.add(puzzle(one, choice.why(), dataset));
        }
        return node;
    }

    private static ObjectNode puzzle(Solved solved, String why, PuzzleDataset dataset) {
        int number = solved.course.example();
        var example = dataset.example(number);
        var puzzle = JsonNodeFactory.instance.objectNode().put("example", number).put("why", why);
        dataset.ratings().filter(ratings -> ratings[number] >= 0)
                .ifPresent(ratings -> puzzle.put("rating", ratings[number]));
        puzzle.set("question", Drawing.cells(example.inputs()));
        puzzle.set("label", Drawing.cells(example.labels()));
        puzzle.set("steps", steps(solved.steps, solved.course.haltsAt()));
        return puzzle;
    }

    /** Writes steps as a page takes them. */
    static ArrayNode steps(List<Step> taken, int haltsAt) {
        var steps = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < taken.size(); i++) {
            var step = steps.addObject().put("step", i + 1).put("halt", taken.get(i).haltLogit())
                    .put("halts", haltsAt == i + 1);
            step.set("answer", Drawing.cells(taken.get(i).answer()));
            if (taken.get(i).certainty().length > 0) {
                step.set("certainty", Certainty.percent(taken.get(i).certainty()));
            }
        }
        return steps;
    }

    private List<Solved> solve(Checkpoint checkpoint, PuzzleDataset dataset) {
        int count = Math.min(candidates, dataset.examples());
        int batches = Math.ceilDiv(count, BATCH);
        var solved = new ArrayList<Solved>();
        var steps = new StepLog(List.of(), checkpoint.train().loss().kind());
        try (var solver = new Solver(
                device, checkpoint.config(), checkpoint.train().loss(), Math.min(count, BATCH),
                checkpoint.tensors())) {
            var each = new RolloutSolver(
                    solver, checkpoint.config().haltMaxSteps(), false, Rollouts.ONE, List.of(), (_, _) -> false);
            each.observe(steps);
            long start = System.nanoTime();
            // Each batch has puzzles from all over the data set, so that any number of batches has.
            for (int b = 0; b < batches && (b == 0 || System.nanoTime() - start < patience.toNanos()); b++) {
                var numbers = IntStream.iterate(b, i -> i < count, i -> i + batches)
                        .map(i -> (int) ((long) i * dataset.examples() / count));
                each.solve(numbers.iterator(), dataset::example, (number, _, outcome) -> {
                    var taken = steps.take(number, 0);
                    solved.add(new Solved(course(number, outcome.solution(), taken), taken));
                }, () -> false);
            }
        }
        return solved;
    }

    private static Course course(int number, Solution solution, List<Step> steps) {
        int changes = IntStream.range(1, steps.size())
                .map(step -> (int) IntStream.range(0, solution.tokens().length)
                        .filter(cell -> steps.get(step).answer()[cell] != steps.get(step - 1).answer()[cell])
                        .count())
                .sum();
        return new Course(number, solution.labelled(), solution.right(), solution.haltedAt(), changes);
    }
}
