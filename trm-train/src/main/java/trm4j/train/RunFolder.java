package trm4j.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import trm4j.model.AtomicFile;
import trm4j.model.Checkpoint;

/**
 * A run's folder: {@code config.yaml} (what ran), {@code version.txt}, {@code metrics.jsonl} (a line for each
 * step and evaluation), {@code checkpoints/step-N/model.safetensors}.
 */
final class RunFolder {

    /** Puzzles that were made for this run. */
    private static final String DATA = "data";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String STEP = "step-";
    private static final String MODEL = "model.safetensors";

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes a new folder for a run, or takes an empty one.
     *
     * @throws RunException if there is something in it, or it cannot be written
     */
    static RunFolder create(Path path, RunConfig config, String version) {
        try {
            checkFree(path);
            Files.createDirectories(path);
            var folder = new RunFolder(path);
            folder.write("config.yaml", config.yaml());
            folder.write("version.txt", version + System.lineSeparator());
            return folder;
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /**
     * Refuses a folder that a run cannot begin in, and leaves it as it is.
     *
     * @throws RunException if there is something in it, or it cannot be written
     */
    static void checkFree(Path path) {
        try {
            if (Files.isDirectory(path)) {
                try (var files = Files.list(path)) {
                    if (files.anyMatch(file -> !file.endsWith(DATA))) {
                        throw new RunException("Folder " + path
                                + " is not empty, expected a new one for this run; choose another with --out.");
                    }
                }
            }
            var existing = path.toAbsolutePath();
            while (!Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
                throw new RunException("Run folder " + path + " cannot be made: " + existing
                        + " is not a folder that can be written to; choose another with --out.");
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static RunException unwritable(Path path, IOException e) {
        return new RunException("Run folder " + path + " cannot be written: " + e.getMessage()
                + "; choose another with --out.", e);
    }

    Path path() {
        return path;
    }

    private void write(String name, String text) throws IOException {
        AtomicFile.write(path.resolve(name), channel -> channel.write(ByteBuffer.wrap(text.getBytes(
                StandardCharsets.UTF_8))));
    }

    /** Appends a line to {@code metrics.jsonl}. */
    void record(ObjectNode line) {
        try {
            Files.writeString(
                    path.resolve("metrics.jsonl"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** Saves a checkpoint under its step. */
    Path save(Checkpoint checkpoint) {
        var folder = path.resolve(CHECKPOINTS).resolve(STEP + checkpoint.step());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        var file = folder.resolve(MODEL);
        checkpoint.save(file);
        return file;
    }

    /**
     * The checkpoint that a path names: a file, a checkpoint's folder, or a run's, whose newest it is.
     *
     * @throws RunException if there is none
     */
    static Path checkpoint(Path path) {
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (Files.isRegularFile(path.resolve(MODEL))) {
            return path.resolve(MODEL);
        }
        return newest(path.resolve(CHECKPOINTS)).orElseThrow(() -> new RunException("No checkpoint at " + path
                + ", expected a .safetensors file or a run's folder with " + CHECKPOINTS + "/" + STEP + "N/" + MODEL
                + "; trm train makes one."));
    }

    private static Optional<Path> newest(Path checkpoints) {
        if (!Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        try (var folders = Files.list(checkpoints)) {
            return folders.filter(f -> f.getFileName().toString().matches(STEP + "\\d{1,18}"))
                    .map(f -> f.resolve(MODEL))
                    .filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(RunFolder::step));
        } catch (IOException e) {
            throw new RunException(checkpoints + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static long step(Path model) {
        return Long.parseLong(model.getParent().getFileName().toString().substring(STEP.length()));
    }
}
