package trm4j.model.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The tasks of the paper, and how it trains on them ("Less is More: Recursive Reasoning with Tiny Networks", arXiv
 * 2510.04871, and its authors' commands). Sudoku-Extreme's settings are those that a configuration leaves out: {@link
 * TrmConfig#PAPER} and {@link TrainConfig#PAPER}; here is what differs.
 */
public enum PaperTask {
    SUDOKU_EXTREME(
            "Sudoku-Extreme", 81, 11, _ -> { }, _ -> { }, 50_000, new Result("Sudoku-Extreme", 87.4, 65_104)),
    MAZE_HARD(
            "Maze-Hard", 900, 6, PaperTask::useAttention, _ -> { }, 50_000, new Result("Maze-Hard", 85.3, 65_104)),
    ARC_AGI(
            "ARC-AGI", 900, 12, PaperTask::useAttention, PaperTask::useLessDecay, 100_000,
            new Result("ARC-AGI-1", 44.6, 518_000), new Result("ARC-AGI-2", 7.8, 722_000));

    /**
     * What the paper reports.
     *
     * @param benchmark the name of its puzzles
     * @param accuracy percent of test puzzles solved exactly; with two tries where the benchmark allows them
     * @param steps training steps that were taken: what the epochs come to on the benchmark's data set
     */
    public record Result(String benchmark, double accuracy, long steps) {}

    private final String title;
    private final int seqLen;
    private final int vocabSize;
    private final TrmConfig arch;
    private final TrainConfig train;
    private final long epochs;
    private final List<Result> results;

    PaperTask(
            String title, int seqLen, int vocabSize, Consumer<TrmDraft> arch, Consumer<TrainDraft> train, long epochs,
            Result... results) {
        this.title = title;
        this.seqLen = seqLen;
        this.vocabSize = vocabSize;
        this.arch = TrmConfig.PAPER.with(arch);
        this.train = TrainConfig.PAPER.with(train);
        this.epochs = epochs;
        this.results = List.of(results);
    }

    /** What all tasks but Sudokus have in place of an MLP over positions. */
    private static void useAttention(TrmDraft arch) {
        arch.mlpT = false;
        arch.posEncodings = TrmConfig.Positions.ROPE;
        arch.lCycles = 4;
    }

    private static void useLessDecay(TrainDraft train) {
        train.puzzleEmbLr = 1e-2;
        train.weightDecay = 0.1;
        train.puzzleEmbWeightDecay = 0.1;
    }

    /** Returns the task that has a vocabulary of some size, which tells the tasks apart. */
    public static Optional<PaperTask> ofVocabulary(int vocabSize) {
        return Stream.of(values()).filter(task -> task.vocabSize == vocabSize).findFirst();
    }

    /** Returns the paper's name of the task. */
    public String title() {
        return title;
    }

    /** Returns the tokens of a puzzle, L. */
    public int seqLen() {
        return seqLen;
    }

    /** Returns the tokens that there are, V. */
    public int vocabSize() {
        return vocabSize;
    }

    /** Returns the architecture, with the puzzles' sizes left open. */
    public TrmConfig arch() {
        return arch;
    }

    /** Returns the architecture for so many puzzle identifiers, at least 1. */
    public TrmConfig arch(int numPuzzleIdentifiers) {
        return arch.forPuzzles(seqLen, vocabSize, numPuzzleIdentifiers);
    }

    /** Returns how the weights are trained. */
    public TrainConfig train() {
        return train;
    }

    /** Returns the epochs of a training, each of which takes a puzzle of each group. */
    public long epochs() {
        return epochs;
    }

    /** Returns what the paper reports, at least one result. */
    public List<Result> results() {
        return results;
    }

    /** Returns the steps of a training, for the first of the results. */
    public long steps() {
        return results.getFirst().steps;
    }
}
