package trm4j.cli.bench;

import java.nio.file.Path;
import java.util.List;
import trm4j.model.config.ConfigException;
import trm4j.model.config.PaperTask;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.train.run.RunConfig;

/**
 * The model and the puzzles that a bench is of.
 *
 * @param arch with the sizes of the puzzles
 * @param train how many puzzles at a time, and the optimizers
 * @param run steps of the whole training that this is a step of; 0 where that depends on the data
 * @param runBatch puzzles in each of them
 */
public record BenchShape(String name, TrmConfig arch, TrainConfig train, long run, int runBatch) {

    /** Rows of the puzzle table, instead of a million: a step touches as many as the batch has puzzles. */
    private static final int ARC_ROWS = 1000;

    /**
     * The shape of a name: the paper's {@code sudoku}, {@code maze} or {@code arc}, or a configuration's file.
     *
     * @param batch puzzles at a time; null for 32 Sudokus, 2 mazes or tasks, or the configuration's micro-batch
     * @param changes of its settings, each {@code KEY=VALUE}
     * @throws ConfigException if there is no such configuration, or it does not tell the sizes of its puzzles
     */
    public static BenchShape named(String name, Integer batch, List<String> changes) {
        return switch (name) {
            case "sudoku" -> of(name, paper(PaperTask.SUDOKU_EXTREME, 1), changes, batch, 32);
            case "maze" -> of(name, paper(PaperTask.MAZE_HARD, 1), changes, batch, 2);
            case "arc" -> of(name, paper(PaperTask.ARC_AGI, ARC_ROWS), changes, batch, 2);
            default -> {
                var file = Path.of(name);
                var config = RunConfig.read(file);
                yield of(RunConfig.name(file), config, changes, batch, config.train().puzzlesAtATime());
            }
        };
    }

    /** Returns the paper's training in whole thousands of steps: how long it takes is an estimate anyway. */
    private static RunConfig paper(PaperTask task, int rows) {
        return RunConfig.of(task).with(task.steps() / 1000 * 1000, null).with(task.arch(rows));
    }

    private static BenchShape of(String name, RunConfig given, List<String> changes, Integer batch, int usual) {
        var config = given.with(changes);
        var train = config.train();
        return new BenchShape(
                name, sized(name, config), withBatch(train, batch == null ? usual : batch), config.run().steps(),
                train.batchSize());
    }

    /** An architecture with the sizes of its puzzles: its own, or those of the Sudokus that a run would make. */
    private static TrmConfig sized(String name, RunConfig config) {
        var arch = config.arch();
        if (arch.seqLen() == 0 && config.puzzles().size() > 0) {
            var info = config.puzzles().info();
            arch = arch.forPuzzles(info.seqLen(), info.vocabSize(), info.numPuzzleIdentifiers());
        }
        if (arch.seqLen() == 0 || arch.vocabSize() == 0) {
            throw new ConfigException(name + ": expected the sizes of the puzzles, found none; set arch.seq_len and "
                    + "arch.vocab_size (and num_puzzle_identifiers, if there is a puzzle table).");
        }
        return arch.forPuzzles(arch.seqLen(), arch.vocabSize(), Math.max(1, arch.numPuzzleIdentifiers()));
    }

    private static TrainConfig withBatch(TrainConfig train, int batch) {
        return train.with(draft -> {
            draft.batchSize = batch;
            draft.microBatch = 0;
        });
    }

    BenchShape withBatch(int batch) {
        return new BenchShape(name, arch, withBatch(train, batch), run, runBatch);
    }

    /** Puzzles of so many positions, T. */
    BenchShape withPositions(int positions) {
        int tokens = positions - arch.puzzlePositions();
        return new BenchShape(name, arch.with(draft -> draft.seqLen = tokens), train, run, runBatch);
    }

    /** A model of another width, D. */
    BenchShape withWidth(int width) {
        return new BenchShape(name, arch.with(draft -> {
            draft.hiddenSize = width;
            draft.puzzleEmbNdim = draft.puzzleEmbNdim == 0 ? 0 : width;
        }), train, run, runBatch);
    }

    /** Puzzles in a step. */
    public int batch() {
        return train.batchSize();
    }
}
