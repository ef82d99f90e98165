package trm4j.train.bench;

import java.nio.file.Path;
import java.util.Map;
import trm4j.model.ConfigException;
import trm4j.model.Settings;
import trm4j.model.TrainConfig;
import trm4j.model.TrmConfig;
import trm4j.train.RunConfig;
import trm4j.train.data.SudokuRules;

/**
 * The model and the puzzles that a bench is of.
 *
 * @param arch with the sizes of the puzzles
 * @param train how many puzzles at a time, and the optimizers
 * @param run steps of the whole training that this is a step of; 0 where that depends on the data
 * @param runBatch puzzles in each of them
 */
public record BenchShape(String name, TrmConfig arch, TrainConfig train, long run, int runBatch) {

    private static final long PAPER_STEPS = 65_000;
    private static final long PAPER_ARC_STEPS = 518_000;
    private static final int PAPER_BATCH = TrainConfig.PAPER.batchSize();
    /** Rows of the puzzle table, instead of a million: a step touches as many as the batch has puzzles. */
    private static final int ARC_ROWS = 1000;

    /**
     * The shape of a name: the paper's {@code sudoku}, {@code maze} or {@code arc}, or a configuration's file.
     *
     * @param batch puzzles at a time; null for 32 Sudokus, 2 mazes or tasks, or the configuration's micro-batch
     * @throws ConfigException if there is no such configuration, or it does not tell the sizes of its puzzles
     */
    public static BenchShape named(String name, Integer batch) {
        return switch (name) {
            case "sudoku" -> paper(name, TrmConfig.PAPER.forPuzzles(81, 11, 1), batch == null ? 32 : batch, PAPER_STEPS);
            case "maze" -> paper(name, attending().forPuzzles(900, 6, 1), batch == null ? 2 : batch, PAPER_STEPS);
            case "arc" -> paper(
                    name, attending().forPuzzles(900, 12, ARC_ROWS), batch == null ? 2 : batch, PAPER_ARC_STEPS);
            default -> configured(Path.of(name), batch);
        };
    }

    private static BenchShape paper(String name, TrmConfig arch, int batch, long steps) {
        return new BenchShape(name, arch, withBatch(TrainConfig.PAPER, batch), steps, PAPER_BATCH);
    }

    private static TrmConfig attending() {
        return with(TrmConfig.PAPER, Map.of("mlp_t", false, "pos_encodings", "rope", "l_cycles", 4));
    }

    private static BenchShape configured(Path file, Integer batch) {
        var config = RunConfig.read(file);
        var arch = config.arch();
        int size = config.puzzles().size();
        if (arch.seqLen() == 0 && size > 0) {
            var rules = SudokuRules.ofSize(size).orElseThrow(() -> new ConfigException(
                    file + ": puzzles.size: expected 0, 4, 6 or 9, found " + size + "."));
            arch = arch.forPuzzles(rules.size() * rules.size(), rules.size() + 2, 1);
        }
        if (arch.seqLen() == 0 || arch.vocabSize() == 0) {
            throw new ConfigException(file + ": expected the sizes of the puzzles, found none; set arch.seq_len and "
                    + "arch.vocab_size (and num_puzzle_identifiers, if there is a puzzle table).");
        }
        arch = arch.forPuzzles(arch.seqLen(), arch.vocabSize(), Math.max(1, arch.numPuzzleIdentifiers()));
        var train = config.train();
        return new BenchShape(
                file.getFileName().toString().replaceFirst("\\.ya?ml$", ""), arch,
                withBatch(train, batch == null ? train.puzzlesAtATime() : batch), config.run().steps(),
                train.batchSize());
    }

    /** An architecture with some of its settings changed, by their names. */
    private static TrmConfig with(TrmConfig arch, Map<String, Object> changes) {
        return Settings.read(arch, Settings.MAPPER.valueToTree(changes), "bench");
    }

    private static TrainConfig withBatch(TrainConfig train, int batch) {
        var changes = Map.of("batch_size", batch, "micro_batch", 0);
        return Settings.read(train, Settings.MAPPER.valueToTree(changes), "bench");
    }

    BenchShape withBatch(int batch) {
        return new BenchShape(name, arch, withBatch(train, batch), run, runBatch);
    }

    /** Puzzles of so many positions, T. */
    BenchShape withPositions(int positions) {
        int tokens = positions - arch.puzzlePositions();
        return new BenchShape(name, with(arch, Map.of("seq_len", tokens)), train, run, runBatch);
    }

    /** A model of another width, D. */
    BenchShape withWidth(int width) {
        var changes = Map.<String, Object>of(
                "hidden_size", width, "puzzle_emb_ndim", arch.puzzleEmbNdim() == 0 ? 0 : width);
        return new BenchShape(name, with(arch, changes), train, run, runBatch);
    }

    /** Puzzles in a step. */
    public int batch() {
        return train.batchSize();
    }
}
