package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.device.Device;
import trm4j.model.Batch;
import trm4j.model.Checkpoint;
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

    /** A puzzle that was solved: what the model made of it after each step. */
    private record Solved(Course course, List<int[]> answers, List<double[]> certainty, float[] halts) {}

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
        var steps = puzzle.putArray("steps");
        for (int i = 0; i < solved.answers.size(); i++) {
            var step = steps.addObject().put("step", i + 1).put("halt", solved.halts[i])
                    .put("halts", solved.course.haltsAt() == i + 1);
            step.set("answer", Drawing.cells(solved.answers.get(i)));
            step.set("certainty", Certainty.percent(solved.certainty.get(i)));
        }
        return puzzle;
    }

    private List<Solved> solve(Checkpoint checkpoint, PuzzleDataset dataset) {
        int count = Math.min(candidates, dataset.examples());
        int batches = Math.ceilDiv(count, BATCH);
        var solved = new ArrayList<Solved>();
        try (var solver = new Solver(
                device, checkpoint.config(), checkpoint.train().loss(), Math.min(count, BATCH),
                checkpoint.tensors())) {
            long start = System.nanoTime();
            // Each batch has puzzles from all over the data set, so that any number of batches has.
            for (int b = 0; b < batches && (b == 0 || System.nanoTime() - start < patience.toNanos()); b++) {
                var numbers = IntStream.iterate(b, i -> i < count, i -> i + batches)
                        .map(i -> (int) ((long) i * dataset.examples() / count))
                        .toArray();
                solve(solver, checkpoint, dataset, numbers, Math.min(count, BATCH), solved);
            }
        }
        return solved;
    }

    private static void solve(
            Solver solver, Checkpoint checkpoint, PuzzleDataset dataset, int[] numbers, int slots,
            List<Solved> solved) {
        var batch = batch(dataset, numbers, slots);
        int length = dataset.info().seqLen();
        int steps = checkpoint.config().haltMaxSteps();
        var loss = checkpoint.train().loss().kind();
        var answers = new int[steps][];
        var certainty = new double[steps][];
        var halts = new float[numbers.length][steps];
        var haltsAt = new int[numbers.length];
        solver.start(batch);
        for (int step = 0; step < steps; step++) {
            var answer = solver.step();
            answers[step] = answer.predictions();
            certainty[step] = Certainty.of(solver.logits(), answers[step], loss);
            for (int i = 0; i < numbers.length; i++) {
                halts[i][step] = answer.q()[2 * i];
                haltsAt[i] = haltsAt[i] == 0 && answer.halts(i) ? step + 1 : haltsAt[i];
            }
        }
        for (int i = 0; i < numbers.length; i++) {
            int from = i * length;
            var own = IntStream.range(0, steps)
                    .mapToObj(step -> Arrays.copyOfRange(answers[step], from, from + length))
                    .toList();
            var sure = IntStream.range(0, steps)
                    .mapToObj(step -> Arrays.copyOfRange(certainty[step], from, from + length))
                    .toList();
            var labels = Arrays.copyOfRange(batch.labels(), from, from + length);
            solved.add(new Solved(course(numbers[i], labels, own, haltsAt[i]), own, sure, halts[i]));
        }
    }

    private static Course course(int number, int[] labels, List<int[]> answers, int haltsAt) {
        int labelled = (int) IntStream.of(labels).filter(label -> label != Batch.NO_LABEL).count();
        var right = answers.stream().mapToInt(answer -> (int) IntStream.range(0, labels.length)
                .filter(cell -> labels[cell] != Batch.NO_LABEL && answer[cell] == labels[cell])
                .count()).toArray();
        int changes = IntStream.range(1, answers.size())
                .map(step -> (int) IntStream.range(0, labels.length)
                        .filter(cell -> answers.get(step)[cell] != answers.get(step - 1)[cell])
                        .count())
                .sum();
        return new Course(number, labelled, right, haltsAt, changes);
    }

    /** Slots that are left over have the first puzzles again. */
    private static Batch batch(PuzzleDataset dataset, int[] numbers, int slots) {
        int length = dataset.info().seqLen();
        var batch = new Batch(new int[slots * length], new int[slots * length], new int[slots]);
        for (int i = 0; i < slots; i++) {
            var example = dataset.example(numbers[i % numbers.length]);
            System.arraycopy(example.inputs(), 0, batch.inputs(), i * length, length);
            System.arraycopy(example.labels(), 0, batch.labels(), i * length, length);
            batch.puzzleIdentifiers()[i] = example.puzzleIdentifier();
        }
        return batch;
    }
}
