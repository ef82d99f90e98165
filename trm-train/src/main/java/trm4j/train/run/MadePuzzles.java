package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;
import trm4j.train.data.AsideFolder;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.Folders;

/**
 * Puzzles that are made for what is trained in a folder: a data set, {@code data}, and {@code puzzles.yaml}, which says
 * from what settings. That is written first, so that puzzles can be told from others' and are not made twice, whenever
 * a process is stopped.
 */
public final class MadePuzzles {

    static final String DATA = "data";
    static final String SETTINGS = "puzzles.yaml";

    private final Path folder;
    private final boolean wereThere;

    MadePuzzles(Path folder) {
        this.folder = folder;
        wereThere = Files.exists(data(), LinkOption.NOFOLLOW_LINKS);
    }

    private Path data() {
        return folder.resolve(DATA);
    }

    /** Tells whether a process that makes them, and is stopped, may leave something of this name in the folder. */
    static boolean mayLeave(String name) {
        return name.equals(DATA) || name.equals(SETTINGS) || AsideFolder.isOf(DATA, name);
    }

    /**
     * Makes the puzzles that a configuration says to make, unless they are there already.
     *
     * @param requireMemory refuses puzzles of such sizes, before any is made
     * @param progress hears how far it has come
     * @return the data set
     * @throws trm4j.model.config.ConfigException if the configuration says to make none, or there are no such puzzles
     * @throws RunException if another data set is there
     */
    public Path make(RunConfig config, Consumer<DatasetInfo> requireMemory, DataProgress progress) {
        try {
            AsideFolder.tidy(data());
            requireMemory.accept(config.puzzles().info());
            if (!Files.exists(data(), LinkOption.NOFOLLOW_LINKS)) {
                AtomicFile.write(folder.resolve(SETTINGS), config.puzzlesYaml());
                config.puzzles().write(data(), config.run().seed(), progress);
            } else if (!Files.exists(folder.resolve(SETTINGS))) {
                throw new RunException("There is a data set in " + data() + ", expected a place for new puzzles; "
                        + "train on it with --data " + data() + ", or choose another folder with --out.");
            } else if (!areOf(config)) {
                throw new RunException(data() + " has puzzles of other settings, which " + folder.resolve(SETTINGS)
                        + " tells, expected those of this configuration; choose another folder with --out.");
            }
            return data();
        } catch (IOException e) {
            throw LockedFolder.unwritable(folder, e);
        }
    }

    /** Whether they were made as a configuration says; an earlier version's file has not all of today's settings. */
    private boolean areOf(RunConfig config) {
        var made = RunConfig.read(folder.resolve(SETTINGS));
        return made.puzzles().equals(config.puzzles()) && made.run().seed() == config.run().seed();
    }

    /** Deletes them, if they were not there before this process. */
    void discard() throws IOException {
        AsideFolder.tidy(data());
        if (!wereThere) {
            Files.deleteIfExists(folder.resolve(SETTINGS));
            if (Files.exists(data())) {
                Folders.delete(data());
            }
        }
    }
}
