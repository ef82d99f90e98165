package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import trm4j.train.RunException;

/**
 * Models that come with trm: the folders in {@code models} of its checkout or bundle. Their names are taken wherever a
 * path to a model is; a file or folder of that name goes first.
 */
public final class ShippedModels {

    /** Set by scripts/trm. Programs that embed trm have none. */
    private static final String HOME = "trm.home";
    private static final String MODELS = "models";

    private ShippedModels() {}

    /**
     * Returns the folder of each, in the order of their names.
     *
     * @throws RunException if they cannot be listed
     */
    public static List<Path> all() {
        var home = System.getProperty(HOME);
        var models = home == null ? null : Path.of(home, MODELS);
        if (models == null || !Files.isDirectory(models)) {
            return List.of();
        }
        try (var folders = Files.list(models)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(CheckpointFolder.MODEL)))
                    .sorted().toList();
        } catch (IOException e) {
            throw new RunException("The models that come with trm cannot be listed (" + e + ").", e);
        }
    }

    /** Returns the folder of the model that a path names, if it is the name of one and there is nothing of that name. */
    public static Optional<Path> named(Path path) {
        return Files.exists(path) ? Optional.empty()
                : all().stream().filter(folder -> folder.getFileName().equals(path)).findFirst();
    }

    /** Returns their names, as a sentence has them; empty if there are none. */
    static Optional<String> names() {
        var names = all().stream().map(folder -> folder.getFileName().toString()).toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }
}
