package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import trm4j.kernels.UserException;
import trm4j.model.file.InputFile;
import trm4j.model.net.Parameters;
import trm4j.train.RunException;
import trm4j.train.TrmCommand;

/**
 * What a run's folder says of it, but for its metrics. It is only read, so that the run may go on meanwhile.
 *
 * @param path the folder
 * @param version of the program that began it
 * @param settings by their dotted keys, such as {@code train.lr}
 */
public record RunRecord(Path path, String version, Map<String, String> settings) {

    /** A version takes some ten. */
    private static final int MOST_BYTES = 1000;

    /**
     * Reads a folder.
     *
     * @throws RunException if it is none of a run's
     */
    public static RunRecord of(Path path) {
        if (!RunFolder.isRun(path)) {
            throw new RunException("No run in " + path + ", expected a folder with " + RunFolder.CONFIG
                    + "; " + TrmCommand.line("train") + " makes one.");
        }
        var settings = new TreeMap<String, String>();
        flatten("", Yaml.read(path.resolve(RunFolder.CONFIG)), settings);
        return new RunRecord(path, version(path), settings);
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> settings) {
        for (var entry : node.properties()) {
            var key = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(key + ".", entry.getValue(), settings);
            } else {
                settings.put(key, entry.getValue().asText());
            }
        }
    }

    private static String version(Path path) {
        var file = path.resolve(RunFolder.VERSION);
        try {
            return InputFile.text(file, MOST_BYTES).strip();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Returns what to call it: its folder's name. */
    public String name() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    /** Returns when it began, if the file system knows. */
    public Optional<Instant> begun() {
        try {
            return Optional.of(Files.getLastModifiedTime(path.resolve(RunFolder.VERSION)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the name of the device that computed the newest checkpoint, if there is one yet. */
    public Optional<String> device() {
        return model().flatMap(model -> {
            try {
                return Optional.of(new CheckpointFolder(model.getParent()).state().device());
            } catch (UserException e) {
                // Deleted meanwhile, or damaged: those who go on from it are told.
                return Optional.empty();
            }
        });
    }

    /** Returns how many numbers are trained, if the settings tell. */
    public OptionalLong parameters() {
        try {
            return OptionalLong.of(new Parameters(RunConfig.read(path.resolve(RunFolder.CONFIG)).arch()).trained());
        } catch (UserException | IllegalArgumentException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns the newest checkpoint's model, if there is one yet. */
    public Optional<Path> model() {
        try {
            return Optional.of(RunFolder.checkpoint(path));
        } catch (RunException e) {
            return Optional.empty();
        }
    }

    /** Uses the newest checkpoint's model, if there is one yet; the next, if it is deleted meanwhile. */
    public <T> Optional<T> model(Function<Path, T> use) {
        return model().isEmpty() ? Optional.empty() : Optional.of(RunFolder.checkpoint(path, use));
    }

    /** Returns the data set that has the test puzzles, if it is where it was. */
    public Optional<Path> data() {
        return RunFolder.place(path);
    }

    /** Returns the keys whose values differ between runs, with each run's value; "" where it has none. */
    public static Map<String, List<String>> differences(List<RunRecord> runs) {
        var keys = new TreeMap<String, List<String>>();
        runs.stream().flatMap(run -> run.settings.keySet().stream()).forEach(key -> keys.put(
                key, runs.stream().map(run -> run.settings.getOrDefault(key, "")).toList()));
        var differing = new LinkedHashMap<String, List<String>>();
        keys.forEach((key, values) -> {
            if (values.stream().distinct().count() > 1) {
                differing.put(key, values);
            }
        });
        return differing;
    }
}
