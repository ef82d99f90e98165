package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;

/**
 * The folder of a run, or of an ablation, which this process alone has. Until it has {@code config.yaml}, nothing began
 * in it: what is left there of a process that was stopped before is in nobody's way.
 */
public final class LockedFolder implements AutoCloseable {

    /** What is written before something begins, besides puzzles and the lock. */
    private static final List<String> FILES = Stream.concat(
            Stream.of(MadePuzzles.SETTINGS, RunFolder.VERSION, DataRecord.FILE, RunFolder.CONFIG)
                    .map(AtomicFile::aside),
            Stream.of(RunFolder.VERSION, DataRecord.FILE)).toList();

    private final Path path;
    private final boolean existed;
    private final RunLock lock;
    private final MadePuzzles puzzles;

    /**
     * Takes a folder, or makes it.
     *
     * @throws RunException if another process has it, or it cannot be written
     */
    public LockedFolder(Path path) {
        this.path = path;
        existed = Files.exists(path);
        try {
            Files.createDirectories(path);
            lock = RunLock.take(path);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        puzzles = new MadePuzzles(path);
    }

    static RunException unwritable(Path path, IOException e) {
        return new RunException("Folder " + path + " cannot be written: " + e.getMessage()
                + "; choose another, or make it writable.", e);
    }

    /** Tells whether something may begin in a folder: it has a data set at most, or what such a process left. */
    public static boolean isFree(Path path) {
        return names(path).stream().allMatch(MadePuzzles.DATA::equals) || isLeft(path);
    }

    /** Tells whether all in a folder is what a process left that was stopped before something began there. */
    static boolean isLeft(Path path) {
        var names = names(path);
        return names.contains(RunLock.FILE) && names.stream().allMatch(name ->
                name.equals(RunLock.FILE) || FILES.contains(name) || MadePuzzles.mayLeave(name));
    }

    private static List<String> names(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** Returns the puzzles that are made for what is trained here. */
    public MadePuzzles puzzles() {
        return puzzles;
    }

    /** Leaves nothing of what did not begin, but what was there before, or comes from others. */
    public void discard() {
        try {
            puzzles.discard();
            for (var name : FILES) {
                Files.deleteIfExists(path.resolve(name));
            }
            if (!names(path).contains(MadePuzzles.SETTINGS)) {
                Files.deleteIfExists(path.resolve(RunLock.FILE));
            }
            if (!existed && names(path).isEmpty()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }
}
