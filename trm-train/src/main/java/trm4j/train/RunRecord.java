package trm4j.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a folder.
     *
     * @throws RunException if it is none of a run's
     */
    public static RunRecord of(Path path) {
        if (!RunFolder.isRun(path)) {
            throw new RunException("No run in " + path + ", expected a folder with " + RunFolder.CONFIG
                    + "; trm train makes one.");
        }
        var settings = new TreeMap<String, String>();
        flatten("", RunConfig.tree(path.resolve(RunFolder.CONFIG)), settings);
        var steps = new ArrayList<JsonNode>();
        var evaluations = new ArrayList<JsonNode>();
        for (var line : lines(path.resolve(MetricsFile.NAME))) {
            (line.has("test") ? evaluations : steps).add(line);
        }
        return new RunRecord(path, read(path.resolve(RunFolder.VERSION)).strip(), settings, steps, evaluations);
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

    /** Whole lines; the last may still be being written. */
    private static List<JsonNode> lines(Path file) {
        var text = read(file);
        var lines = new ArrayList<JsonNode>();
        for (var line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            try {
                lines.add(JSON.readTree(line));
            } catch (JsonProcessingException e) {
                throw new RunException(file + " has a line that is not JSON, line " + (lines.size() + 1)
                        + "; mend it or take it out.", e);
            }
        }
        return lines;
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** What to call it: its folder's name. */
    public String name() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    /** The newest checkpoint's model, if there is one yet. */
    public Optional<Path> model() {
        try {
            return Optional.of(RunFolder.checkpoint(path));
        } catch (RunException e) {
            return Optional.empty();
        }
    }

    /** The data set, if it is where it was. */
    public Optional<Path> data() {
        try {
            return Optional.of(DataRecord.read(path).place(path)).filter(Files::isDirectory);
        } catch (IOException | RunException e) {
            return Optional.empty();
        }
    }

    /** The keys whose values differ between runs, with each run's value; "" where it has none. */
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
