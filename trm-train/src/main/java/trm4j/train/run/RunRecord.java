package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import trm4j.model.file.InputFile;
import trm4j.train.RunException;
import trm4j.train.metrics.MetricsReader;

/**
 * What a run's folder tells. It is only read, so that the run may go on meanwhile.
 *
 * @param path the folder
 * @param version of the program that began it
 * @param settings by their dotted keys, such as {@code train.lr}
 * @param steps lines of {@code metrics.jsonl} on training steps
 * @param evaluations those on evaluations
 */
public record RunRecord(
        Path path, String version, Map<String, String> settings, List<JsonNode> steps, List<JsonNode> evaluations) {

    /** A version takes some ten. */
    private static final int MOST_BYTES = 1000;

    /**
     * Reads a folder.
     *
     * @throws RunException if it is none of a run's
     */
    public static RunRecord of(Path path) {
        return of(path, new MetricsReader(path));
    }

    /**
     * Reads a folder again.
     *
     * @param metrics what has read its metrics before
     * @throws RunException if it is none of a run's
     */
    public static RunRecord of(Path path, MetricsReader metrics) {
        if (!RunFolder.isRun(path)) {
            throw new RunException("No run in " + path + ", expected a folder with " + RunFolder.CONFIG
                    + "; trm train makes one.");
        }
        var settings = new TreeMap<String, String>();
        flatten("", Yaml.read(path.resolve(RunFolder.CONFIG)), settings);
        var steps = new ArrayList<JsonNode>();
        var evaluations = new ArrayList<JsonNode>();
        for (var line : metrics.lines()) {
            (line.has("test") ? evaluations : steps).add(line);
        }
        return new RunRecord(path, version(path), settings, steps, evaluations);
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
        try {
            return Optional.of(DataRecord.read(path).tested().place(path)).filter(Files::isDirectory);
        } catch (IOException | RunException e) {
            return Optional.empty();
        }
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
