package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.device.Device;
import trm4j.model.Batch;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.eval.Evaluator;
import trm4j.train.eval.PuzzleKind;
import trm4j.train.run.RunRecord;

/** A few test puzzles, from all over the data set, as a run's newest model solves them step by step. */
final class Showcase {

    private final Device device;
    private final int puzzles;

    /**
     * A showcase.
     *
     * @param puzzles how many at most
     */
    Showcase(Device device, int puzzles) {
        this.device = device;
        this.puzzles = puzzles;
    }

    /** The puzzles of a run; none where it has no model yet, or its test puzzles are gone. */
    ArrayNode of(RunRecord run) {
        var shown = JsonNodeFactory.instance.arrayNode();
        var data = run.data().filter(dir -> dir.resolve(Split.TEST.toString()).toFile().isDirectory());
        if (puzzles == 0 || data.isEmpty()) {
            return shown;
        }
        var model = run.model(Checkpoint::load);
        if (model.isEmpty()) {
            return shown;
        }
        var checkpoint = model.get();
        try (var dataset = PuzzleDataset.open(data.get(), Split.TEST)) {
            Evaluator.requireFit(checkpoint.config(), dataset, data.get());
            int count = Math.min(puzzles, dataset.examples());
            var examples = IntStream.range(0, count).map(i -> (int) ((long) i * dataset.examples() / count)).toArray();
            try (var solver = new Solver(
                    device, checkpoint.config(), checkpoint.train().loss(), count, checkpoint.tensors())) {
                solve(solver, checkpoint, dataset, examples).forEach(shown::add);
            }
        }
        return shown;
    }

    private static ArrayNode solve(Solver solver, Checkpoint checkpoint, PuzzleDataset dataset, int[] examples) {
        var config = checkpoint.config();
        var batch = batch(dataset, examples);
        int length = config.seqLen();
        var remark = Stream.concat(PuzzleKind.remark(dataset).stream(), checkpoint.remark().stream())
                .reduce((a, b) -> a + " " + b);
        var solved = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < examples.length; i++) {
            var puzzle = described(solved.addObject(), PuzzleKind.of(dataset.info()), length);
            remark.ifPresent(sentence -> puzzle.put("remark", sentence));
            puzzle.put("example", examples[i]).put("step", checkpoint.step());
            put(puzzle, "question", batch.inputs(), i, length);
            put(puzzle, "label", batch.labels(), i, length);
            puzzle.putArray("steps");
        }
        solver.start(batch);
        for (int step = 0; step < config.haltMaxSteps(); step++) {
            var answers = solver.step();
            for (int i = 0; i < examples.length; i++) {
                var taken = ((ArrayNode) solved.get(i).get("steps")).addObject();
                put(taken, "answer", answers.predictions(), i, length);
                taken.put("halt", answers.q()[2 * i]).put("halts", answers.halts(i));
            }
        }
        return solved;
    }

    private static Batch batch(PuzzleDataset dataset, int[] numbers) {
        int length = dataset.info().seqLen();
        var batch = new Batch(
                new int[numbers.length * length], new int[numbers.length * length], new int[numbers.length]);
        for (int i = 0; i < numbers.length; i++) {
            var example = dataset.example(numbers[i]);
            System.arraycopy(example.inputs(), 0, batch.inputs(), i * length, length);
            System.arraycopy(example.labels(), 0, batch.labels(), i * length, length);
            batch.puzzleIdentifiers()[i] = example.puzzleIdentifier();
        }
        return batch;
    }

    /** What the page must know to draw a puzzle: its kind and its lines. */
    private static ObjectNode described(ObjectNode puzzle, PuzzleKind kind, int length) {
        int size = (int) Math.sqrt(length);
        int columns = size * size == length ? size : length;
        return switch (kind) {
            case PuzzleKind.Sudokus(SudokuRules rules) -> puzzle.put("kind", "sudoku").put("columns", rules.size())
                    .put("box_rows", rules.boxRows()).put("box_columns", rules.boxColumns());
            case PuzzleKind.Mazes _ -> puzzle.put("kind", "maze").put("columns", columns);
            case PuzzleKind.Arc _ -> puzzle.put("kind", "arc").put("columns", columns);
            case PuzzleKind.Tokens _ -> puzzle.put("kind", "tokens").put("columns", columns);
        };
    }

    /** A puzzle's tokens; -1 where there is no label. */
    private static void put(ObjectNode node, String key, int[] tokens, int puzzle, int length) {
        var list = node.putArray(key);
        Arrays.stream(tokens, puzzle * length, (puzzle + 1) * length)
                .map(token -> token == Batch.NO_LABEL ? -1 : token)
                .forEach(list::add);
    }
}
