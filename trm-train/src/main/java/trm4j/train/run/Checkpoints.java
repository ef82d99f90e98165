package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import trm4j.model.Checkpoint;
import trm4j.model.Trainer;
import trm4j.model.file.CheckpointException;
import trm4j.train.RunException;
import trm4j.train.table.RowNames;

/**
 * A run's checkpoints, in folders {@code step-N}. Each is written aside, synced and renamed: under its name it is
 * whole. An older one is deleted only after that.
 */
final class Checkpoints {

    private static final String ASIDE = ".writing";
    private static final String DOOMED = ".deleting";

    private final Path folder;
    private final Disk disk;

    Checkpoints(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** Returns those there are, whole or not. */
    List<CheckpointFolder> newestFirst() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var folders = Files.list(folder)) {
            return folders.filter(CheckpointFolder::names)
                    .map(CheckpointFolder::new)
                    .sorted(Comparator.comparingLong(CheckpointFolder::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new RunException(folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private CheckpointFolder at(long step) {
        return new CheckpointFolder(folder.resolve(CheckpointFolder.STEP + step));
    }

    /** Returns the model's file in the checkpoint of a step. */
    Path model(long step) {
        return at(step).model();
    }

    /**
     * Saves a checkpoint of the step that was taken last.
     *
     * @param names of the rows of the model's puzzle table, if it has several
     * @return the model in it
     * @throws CheckpointException if it cannot be written; nothing is left of it then
     * @throws trm4j.model.DivergedException if a number is not finite
     */
    Checkpoint save(Trainer trainer, Optional<RowNames> names, RunState state, String version) {
        var target = at(trainer.steps()).path();
        var aside = folder.resolve("." + target.getFileName() + ASIDE);
        try {
            disk.makeFolder(folder);
            var model = CheckpointFolder.write(aside, trainer, names, state, version, disk);
            disk.rename(aside, target);
            disk.sync(folder);
            return model;
        } catch (IOException | CheckpointException e) {
            deleteAfter(e, aside);
            var cause = e.getCause() == null ? e : e.getCause();
            throw new CheckpointException(target + " cannot be written: " + cause.getMessage() + ".", e);
        } catch (RuntimeException e) {
            deleteAfter(e, aside);
            throw e;
        }
    }

    private void deleteAfter(Exception e, Path aside) {
        try {
            if (Files.exists(aside)) {
                disk.delete(aside);
            }
        } catch (IOException later) {
            e.addSuppressed(later);
        }
    }

    /**
     * Deletes all but some.
     *
     * @param newest how many of the newest stay; 0 for all
     * @param best the step of one that stays too
     */
    void keep(int newest, long best) throws IOException {
        var all = newestFirst();
        if (newest == 0) {
            return;
        }
        for (var old : all.subList(Math.min(newest, all.size()), all.size())) {
            if (old.step() != best) {
                // Half of a checkpoint must not have a checkpoint's name.
                var doomed = folder.resolve("." + old.path().getFileName() + DOOMED);
                disk.rename(old.path(), doomed);
                disk.delete(doomed);
            }
        }
    }

    /** Deletes what a process left that was stopped while it wrote or deleted. */
    private void tidy() throws IOException {
        try (var files = Files.list(folder)) {
            for (var left : files.filter(Checkpoints::isLeft).toList()) {
                disk.delete(left);
            }
        }
    }

    private static boolean isLeft(Path path) {
        return path.getFileName().toString().matches("\\.step-\\d+(" + ASIDE + "|" + DOOMED + ")");
    }

    /**
     * Finds the newest checkpoint that is whole; nothing if none was ever saved. Newer ones are put aside.
     *
     * @param notices hears of each that is damaged
     * @throws RunException if there are some and all are damaged
     */
    Optional<CheckpointFolder> newestWhole(Consumer<String> notices) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            tidy();
            var damages = new LinkedHashMap<CheckpointFolder, String>();
            for (var each : newestFirst()) {
                var damage = each.damage();
                if (damage.isEmpty()) {
                    for (var other : damages.entrySet()) {
                        var aside = putAside(other.getKey().path());
                        notices.accept("The checkpoint of step " + other.getKey().step() + " is damaged: "
                                + other.getValue() + ". It was put aside as " + aside + "; the run goes on from step "
                                + each.step() + ".");
                    }
                    return Optional.of(each);
                }
                damages.put(each, damage.get());
            }
            if (damages.isEmpty()) {
                return Optional.empty();
            }
            var newest = damages.firstEntry();
            throw new RunException("Expected a checkpoint in " + folder + " to go on from, found none that is whole: "
                    + newest.getKey().path().getFileName() + " is damaged, " + newest.getValue()
                    + "; begin anew in another folder.");
        } catch (IOException e) {
            throw new RunException(folder + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private Path putAside(Path path) throws IOException {
        var aside = path.resolveSibling("damaged-" + path.getFileName());
        for (int i = 2; Files.exists(aside); i++) {
            aside = path.resolveSibling("damaged-" + path.getFileName() + "-" + i);
        }
        disk.rename(path, aside);
        return aside;
    }
}
