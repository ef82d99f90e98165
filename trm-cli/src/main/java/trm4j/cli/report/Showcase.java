package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.device.Device;
import trm4j.model.Batch;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.run.RunRecord;
import trm4j.train.table.FittedModel;

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
        if (run.model().isEmpty()) {
            return shown;
        }
        try (var dataset = PuzzleDataset.open(data.get(), Split.TEST)) {
            return run.model(file -> FittedModel.of(Checkpoint.load(file), file, dataset))
                    .map(model -> solve(model, dataset))
                    .orElse(shown);
        }
    }

    private ArrayNode solve(FittedModel fitted, PuzzleDataset dataset) {
        var checkpoint = fitted.model();
        int count = Math.min(puzzles, dataset.examples());
        var examples = IntStream.range(0, count).map(i -> (int) ((long) i * dataset.examples() / count)).toArray();
        var remark = Stream.of(PuzzleFamilies.remark(dataset), fitted.remark())
                .flatMap(Optional::stream).collect(Collectors.joining(" "));
        try (var solver = new Solver(
                device, checkpoint.config(), checkpoint.train().loss(), count, checkpoint.tensors())) {
            return solve(solver, checkpoint, dataset, examples, remark);
        }
    }

    private static ArrayNode solve(
            Solver solver, Checkpoint checkpoint, PuzzleDataset dataset, int[] examples, String remark) {
        var config = checkpoint.config();
        var batch = batch(dataset, examples);
        int length = config.seqLen();
        var family = PuzzleFamilies.of(dataset.info());
        var solved = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < examples.length; i++) {
            var puzzle = described(solved.addObject(), family, dataset.info());
            if (!remark.isEmpty()) {
                puzzle.put("remark", remark);
            }
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

    /** What the page must know to draw a puzzle: how its cells lie, and what each token from 0 on looks like. */
    private static ObjectNode described(ObjectNode puzzle, PuzzleFamily family, DatasetInfo info) {
        var board = family.board(info.seqLen());
        puzzle.put("kind", family.kind()).put("columns", board.columns())
                .put("box_rows", board.boxRows()).put("box_columns", board.boxColumns());
        var tokens = puzzle.putArray("tokens");
        for (int token = 0; token < info.vocabSize(); token++) {
            tokens.addObject().put("text", family.cell(token)).put("colour", family.colour(token))
                    .put("given", family.isGiven(token)).put("filler", family.isFiller(token));
        }
        return puzzle;
    }

    /** A puzzle's tokens; -1 where there is no label. */
    private static void put(ObjectNode node, String key, int[] tokens, int puzzle, int length) {
        var list = node.putArray(key);
        Arrays.stream(tokens, puzzle * length, (puzzle + 1) * length)
                .map(token -> token == Batch.NO_LABEL ? -1 : token)
                .forEach(list::add);
    }
}
