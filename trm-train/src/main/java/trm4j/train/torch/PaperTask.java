package trm4j.train.torch;

import java.util.Arrays;
import java.util.Optional;
import trm4j.model.config.TrainConfig;

/** What the authors' commands set for each of their data sets, which the vocabulary tells apart. */
enum PaperTask {
    SUDOKU("Sudoku-Extreme", 11, 81, 6, TrainConfig.PAPER),
    MAZE("Maze-Hard", 6, 900, 4, TrainConfig.PAPER),
    ARC("ARC-AGI", 12, 900, 4,
            new TrainConfig(
                    768, 0, TrainConfig.Recompute.NONE, 1e-4, 1e-2, 0.1, 0.1, 0.9, 0.95, 0.999, 2000, 1,
                    TrainConfig.Loss.STABLEMAX, TrainConfig.Backpropagation.FULL));

    final String title;
    final int vocabSize;
    final int seqLen;
    final int lCycles;
    final TrainConfig train;

    PaperTask(String title, int vocabSize, int seqLen, int lCycles, TrainConfig train) {
        this.title = title;
        this.vocabSize = vocabSize;
        this.seqLen = seqLen;
        this.lCycles = lCycles;
        this.train = train;
    }

    static Optional<PaperTask> of(int vocabSize) {
        return Arrays.stream(values()).filter(task -> task.vocabSize == vocabSize).findFirst();
    }
}
