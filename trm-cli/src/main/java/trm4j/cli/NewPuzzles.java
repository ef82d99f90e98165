package trm4j.cli;

import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine;
import trm4j.model.config.ConfigException;
import trm4j.train.TrmCommand;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.run.RunConfig;

/** The Sudokus that a configuration says to make where no data set is given. */
final class NewPuzzles {

    private NewPuzzles() {}

    /**
     * Makes them as a data set.
     *
     * @param requireMemory refuses puzzles of such sizes, before any is made
     * @param command the command that makes them, which shows how far it has come
     * @throws ConfigException if the configuration says to make none, or there is too little memory to train on them
     */
    static void write(RunConfig config, Path to, Consumer<DatasetInfo> requireMemory, CommandLine command) {
        var source = config.puzzles().source(config.run().seed()).orElseThrow(() -> new ConfigException(
                "puzzles.size says to make no puzzles, expected a data set with --data DIR; " + TrmCommand.line("data") + " makes one."));
        requireMemory.accept(config.puzzles().info());
        try (var show = new DataShow(command.getOut(), command.getErr())) {
            SudokuDataset.write(source, to, false, show);
        }
    }
}
