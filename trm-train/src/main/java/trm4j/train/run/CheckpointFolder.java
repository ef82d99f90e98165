package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trm4j.model.Checkpoint;
import trm4j.model.Trainer;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.CheckpointException;
import trm4j.train.data.FileChecksum;
import trm4j.train.table.RowNames;

/**
 * All that a run goes on from, in a folder {@code step-N}: {@code model.safetensors} (averaged weights, as inference
 * takes them), {@code training.safetensors} (the rest of the trainer's state), {@code run.json} (the run's place in
 * the data and in the metrics) and {@code checkpoint.json} (who wrote it, and the files' checksums). Where the model
 * has a row for each of several puzzle identifiers, {@code model.identifiers.json} has their names.
 *
 * @param path it need not be there
 */
record CheckpointFolder(Path path) {

    static final String MODEL = "model.safetensors";
    static final String STEP = "step-";
    private static final String TRAINING = "training.safetensors";
    private static final String RUN = "run.json";
    private static final Set<String> FILES = Set.of(MODEL, TRAINING, RUN);
    private static final String MANIFEST = "checkpoint.json";
    private static final int FORMAT = 1;

    /** What {@code checkpoint.json} says. */
    private record Manifest(int format, String version, long step, Map<String, FileChecksum> files) {}

    long step() {
        return Long.parseLong(path.getFileName().toString().substring(STEP.length()));
    }

    Path model() {
        return path.resolve(MODEL);
    }

    private Path names() {
        return RowNames.fileBeside(model());
    }

    /** Tells whether a path has a checkpoint's name. */
    static boolean names(Path path) {
        return path.getFileName().toString().matches(STEP + "\\d{1,18}");
    }

    /**
     * Writes all files; what is in the folder is whole only once this has returned.
     *
     * @param names of the rows of the model's puzzle table, if it has several
     * @param version of the program
     * @throws CheckpointException if one cannot be written
     * @throws trm4j.model.DivergedException if a number is not finite
     */
    static Checkpoint write(
            Path folder, Trainer trainer, Optional<RowNames> names, RunState state, String version, Disk disk)
            throws IOException {
        var checkpoint = trainer.checkpoint()
                .withRowNames(names.map(RowNames::sha256))
                .withGuessed(state.guessed());
        var files = new LinkedHashMap<Path, Disk.Writer>();
        files.put(folder.resolve(MODEL), checkpoint::save);
        names.ifPresent(each -> files.put(new CheckpointFolder(folder).names(), each::save));
        files.put(folder.resolve(TRAINING), trainer::save);
        files.put(folder.resolve(RUN), file -> json(file, state));
        disk.makeFolder(folder);
        var sums = new LinkedHashMap<String, FileChecksum>();
        for (var file : files.entrySet()) {
            disk.write(file.getKey(), file.getValue());
            sums.put(file.getKey().getFileName().toString(), FileChecksum.of(file.getKey()));
        }
        disk.write(folder.resolve(MANIFEST), file -> json(
                file, new Manifest(FORMAT, version, trainer.steps(), sums)));
        disk.sync(folder);
        return checkpoint;
    }

    private static void json(Path file, Record value) throws IOException {
        AtomicFile.write(file, RunJson.json(value));
    }

    /** Says what keeps a run from going on from here; nothing if all is as it was written. */
    Optional<String> damage() {
        try {
            var manifest = RunJson.read(path.resolve(MANIFEST), Manifest.class);
            if (manifest.format != FORMAT) {
                return Optional.of("it has format " + manifest.format + " of " + manifest.version + ", expected "
                        + FORMAT);
            }
            if (manifest.step != step() || manifest.files == null || !isOfAll(manifest.files.keySet())) {
                return Optional.of(MANIFEST + " is not of this step's files");
            }
            for (var name : manifest.files.keySet()) {
                var found = FileChecksum.of(path.resolve(name));
                if (!found.equals(manifest.files.get(name))) {
                    return Optional.of(name + " has " + found + ", expected " + manifest.files.get(name));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + e.toString().lines().findFirst().orElse(""));
        }
    }

    private boolean isOfAll(Set<String> files) {
        var known = new HashSet<>(FILES);
        known.add(names().getFileName().toString());
        return files.containsAll(FILES) && known.containsAll(files);
    }

    /**
     * Puts a trainer in the state in which it was saved.
     *
     * @throws CheckpointException if that cannot be read, or is of another step
     */
    void restore(Trainer trainer) {
        trainer.restore(path.resolve(TRAINING));
        if (trainer.steps() != step()) {
            throw new CheckpointException(path.resolve(TRAINING) + " is of step " + trainer.steps() + ", expected "
                    + step() + "; take the checkpoint away to go on from the one before.");
        }
    }

    /**
     * Reads the run's state.
     *
     * @throws CheckpointException if it cannot be read
     */
    RunState state() {
        try {
            return RunJson.read(path.resolve(RUN), RunState.class);
        } catch (IOException e) {
            throw new CheckpointException(
                    e.getMessage() + "; take the checkpoint away to go on from the one before.", e);
        }
    }
}
