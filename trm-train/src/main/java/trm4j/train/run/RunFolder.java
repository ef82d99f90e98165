package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.kernels.UserException;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;
import trm4j.train.TrmCommand;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.metrics.EventFile;
import trm4j.train.metrics.MetricsFile;

/**
 * A run's folder: {@code config.yaml} (what runs), {@code version.txt}, {@code data.json} (on which data sets),
 * {@code metrics.jsonl} (a line for each step and evaluation), {@code events.out.tfevents.*} (the same for
 * TensorBoard), {@code checkpoints/step-N}. One process at a time has it.
 */
public final class RunFolder implements AutoCloseable {

    static final String VERSION = "version.txt";
    static final String CONFIG = "config.yaml";
    private static final String CHECKPOINTS = "checkpoints";
    /** Checkpoints that are tried, one after the other is deleted. */
    private static final int MOST_TRIES = 20;

    private final Path path;
    /** None in a process that only reads here. */
    private final Optional<LockedFolder> folder;
    private final boolean isNew;
    private boolean begun;

    private RunFolder(Path path, boolean isNew, Optional<LockedFolder> folder) {
        this.path = path;
        this.isNew = isNew;
        this.folder = folder;
    }

    /**
     * Makes a new folder for a run, or takes an empty one, or one of a run that was stopped before it began. It is
     * taken away again if no run begins in it.
     *
     * @throws RunException if there is something else in it, another process has it, or it cannot be written
     */
    public static RunFolder create(Path path) {
        requireFree(path);
        var made = new RunFolder(path, true, Optional.of(new LockedFolder(path)));
        try {
            // Another process may have begun and ended a run since.
            requireFree(path);
            return made;
        } catch (RunException e) {
            made.folder.get().close();
            throw e;
        }
    }

    /** Refuses a folder that a run cannot begin in, and leaves it as it is. */
    private static void requireFree(Path path) {
        if (!LockedFolder.isFree(path)) {
            throw new RunException("Folder " + path
                    + " is not empty, expected a new one for this run; choose another with --out"
                    + (isRun(path) ? ", or go on with that run: " + command(path) : "") + ".");
        }
        var existing = path.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new RunException("Run folder " + path + " cannot be made: " + existing
                    + " is not a folder that can be written to; choose another with --out.");
        }
    }

    /** Tells whether a run began in a folder. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(path.resolve(CONFIG));
    }

    /**
     * Takes the folder of a run that is to go on.
     *
     * @throws RunException if there is none, another process has it, or it cannot be written
     */
    public static RunFolder resume(Path path) {
        if (!isRun(path)) {
            if (LockedFolder.isLeft(path)) {
                new LockedFolder(path).close();
                throw new RunException("The run in " + path + " was stopped before it began; the command that was to "
                        + "begin it, " + TrmCommand.line("train", "CONFIG", "--out", path) + ", begins it again.");
            }
            throw new RunException("No run to go on with in " + path + ", expected a folder with " + CONFIG
                    + "; " + TrmCommand.line("train", "CONFIG") + " begins one.");
        }
        return new RunFolder(path, false, Optional.of(new LockedFolder(path)));
    }

    /**
     * Takes the folder of a run in which another process has a part too, the one that has the folder and writes all: here,
     * nothing is.
     */
    public static RunFolder following(Path path) {
        return new RunFolder(path, false, Optional.empty());
    }

    /** Returns the command that goes on with a run. */
    private static String command(Path path) {
        return TrmCommand.line("train", "--resume", path);
    }

    /** Tells whether a run has begun here before. */
    boolean isResumed() {
        return !isNew;
    }

    /** Returns the command that goes on with this run. */
    public String resumeCommand() {
        return command(path);
    }

    private static RunException unreadable(Path path, IOException e) {
        return new RunException("Run folder " + path + " cannot be read: " + e.getMessage()
                + "; begin anew in another folder.", e);
    }

    public Path path() {
        return path;
    }

    /** Returns the puzzles that are made for this run. */
    public MadePuzzles puzzles() {
        return folder.orElseThrow().puzzles();
    }

    /** Reads what the run was told. */
    public RunConfig config() {
        return RunConfig.read(configFile());
    }

    Path configFile() {
        return path.resolve(CONFIG);
    }

    /**
     * Returns the data sets that the run began with.
     *
     * @param moved where those to train on are now; none if they have not moved
     * @param movedTest where the one to test on is now, if it is another and has moved
     * @throws RunException if one is not there, or is not the same
     */
    public TrainingData data(List<Path> moved, Optional<Path> movedTest) {
        try {
            return DataRecord.read(path).find(path, moved, movedTest);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Finds the run that a model is of.
     *
     * @param model a run's folder, a checkpoint's in it, or the file in that
     * @return nothing if it is of none
     */
    public static Optional<Path> of(Path model) {
        return isRun(model)
                ? Optional.of(model)
                : Stream.iterate(model.toAbsolutePath().normalize(), Objects::nonNull, Path::getParent)
                        .limit(3)
                        .filter(path -> path.endsWith(CHECKPOINTS))
                        .map(Path::getParent)
                        .filter(RunFolder::isRun)
                        .findFirst();
    }

    /**
     * Returns the folder of the data set that a run began with. Only one of its splits is looked at.
     *
     * @throws RunException if it is not there, or that split is not as it was
     */
    public static Path data(Path run, Split split) {
        try {
            return DataRecord.read(run).find(run, split);
        } catch (IOException e) {
            throw unreadable(run, e);
        }
    }

    /**
     * Returns the {@linkplain PuzzleDataset#fingerprint fingerprint} of the puzzles that a run is tested on, if its record
     * tells.
     */
    public static Optional<String> testFingerprint(Path run) {
        try {
            return DataRecord.read(run).testFingerprint();
        } catch (IOException | RunException e) {
            return Optional.empty();
        }
    }

    /** Tells whether a data set is known to have other test puzzles than those that a run is tested on. */
    public static boolean isTestedOnOthers(Path run, Path data) {
        try {
            var own = testFingerprint(run);
            return own.isPresent() && Files.isDirectory(data)
                    && !own.get().equals(PuzzleDataset.fingerprint(data, Split.TEST));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the folder of the data set with a run's test puzzles, if there is one where it was; it may be another. */
    public static Optional<Path> place(Path run) {
        try {
            return Optional.of(DataRecord.read(run).tested().place(run)).filter(Files::isDirectory);
        } catch (IOException | RunException e) {
            return Optional.empty();
        }
    }

    /** Writes what runs here; from now on this is a run's folder. */
    void begin(RunConfig config, TrainingData data, String version) {
        try {
            if (isNew) {
                AtomicFile.write(path.resolve(VERSION), version + System.lineSeparator());
                AtomicFile.write(path.resolve(DataRecord.FILE), DataRecord.of(path, data).json());
            }
            // Last: with it, the run can be gone on with.
            AtomicFile.write(configFile(), config.yaml());
            begun = true;
        } catch (IOException e) {
            throw LockedFolder.unwritable(path, e);
        }
    }

    MetricsFile metrics() {
        return new MetricsFile(path);
    }

    /** Makes a new event file, for what is told from a step on. */
    EventFile events(long step) {
        return new EventFile(path, step, Clock.systemUTC());
    }

    Checkpoints checkpoints(Disk disk) {
        return new Checkpoints(path.resolve(CHECKPOINTS), disk);
    }

    /**
     * Finds the checkpoint that a path names: a file, a checkpoint's folder, or a run's, whose newest it is; where
     * there is nothing, one that comes with trm.
     *
     * @throws RunException if there is none
     */
    static Path checkpoint(Path path) {
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (Files.isRegularFile(path.resolve(CheckpointFolder.MODEL))) {
            return path.resolve(CheckpointFolder.MODEL);
        }
        var folder = path.resolve(CHECKPOINTS);
        // A run that goes on may take away all that were there between two looks, as newer ones have come.
        for (int tried = 0; tried < MOST_TRIES && Files.isDirectory(folder); tried++) {
            var newest = new Checkpoints(folder, new Disk()).newestFirst().stream()
                    .map(CheckpointFolder::model)
                    .filter(Files::isRegularFile)
                    .findFirst();
            if (newest.isPresent()) {
                return newest.get();
            }
        }
        return AuthorsFolder.newest(path)
                .or(() -> ShippedModels.named(path).map(shipped -> shipped.resolve(CheckpointFolder.MODEL)))
                .orElseThrow(() -> new RunException("No checkpoint at " + path + ", expected a .safetensors file or a "
                        + "run's folder with " + CHECKPOINTS + "/" + CheckpointFolder.STEP + "N/"
                        + CheckpointFolder.MODEL
                        + ShippedModels.names().map(names -> ", or one that comes with trm: " + names).orElse("") + "; "
                        + TrmCommand.line("train") + " makes one."));
    }

    /**
     * Uses the checkpoint that a path names. A run that goes on may delete it meanwhile: then the newest that there is
     * then is taken.
     *
     * @param use is given the model's file
     */
    static <T> T checkpoint(Path path, Function<Path, T> use) {
        for (int tried = 1;; tried++) {
            var file = checkpoint(path);
            try {
                return use.apply(file);
            } catch (UserException e) {
                if (tried == MOST_TRIES || Files.exists(file)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            if (isNew && !begun) {
                folder.ifPresent(LockedFolder::discard);
            }
        } finally {
            folder.ifPresent(LockedFolder::close);
        }
    }
}
