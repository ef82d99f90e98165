package trm4j.cli;

import java.nio.file.Path;
import java.util.function.Consumer;
import trm4j.model.config.ConfigException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.run.MadePuzzles;
import trm4j.train.run.RunConfig;

/** The Sudokus that a configuration says to make where no data set is given. */
final class NewPuzzles {

    private NewPuzzles() {}

    /**
     * Makes them as a data set, unless that was done.
     *
     * @param made where they are
     * @param requireMemory refuses puzzles of such sizes, before any is made
     * @return the data set
     * @throws ConfigException if the configuration says to make none, or there is too little memory to train on them
     */
    static Path make(RunConfig config, MadePuzzles made, Consumer<DatasetInfo> requireMemory) {
        var source = config.puzzles().source(config.run().seed()).orElseThrow(() -> new ConfigException(
                "puzzles.size says to make no puzzles, expected a data set with --data DIR; trm data makes one."));
        requireMemory.accept(config.puzzles().info());
        return made.make(config, to -> SudokuDataset.write(source, to, false));
    }
}
