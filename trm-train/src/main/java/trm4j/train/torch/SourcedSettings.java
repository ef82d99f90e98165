package trm4j.train.torch;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trm4j.model.config.Settings;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;

/** Puts an architecture together from several sources, and keeps of each setting which source it came from. */
final class SourcedSettings {

    private record Entry(JsonNode value, String source) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final String file;

    SourcedSettings(String file) {
        this.file = file;
    }

    /** Takes settings from a source; one that is there already must be the same. */
    void put(JsonNode settings, String source) {
        settings.properties().forEach(setting -> put(setting.getKey(), setting.getValue(), source));
    }

    /**
     * Takes a setting from a source.
     *
     * @throws CheckpointException if another source says otherwise
     */
    void put(String key, Object value, String source) {
        JsonNode node = Settings.MAPPER.valueToTree(value);
        var known = entries.putIfAbsent(key, new Entry(node, source));
        if (known != null && !same(known.value, node)) {
            throw new CheckpointException(file + ": expected one arch." + key + ", found "
                    + shown(known.value.asText()) + " (" + known.source + ") and "
                    + shown(node.asText()) + " (" + source
                    + "); name the configuration and the data that these weights are for.");
        }
    }

    /** Takes a setting from a source unless another has said it. */
    void putIfOpen(String key, Object value, String source) {
        entries.putIfAbsent(key, new Entry(Settings.MAPPER.valueToTree(value), source));
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.doubleValue() == b.doubleValue() : a.equals(b);
    }

    /** Returns a whole number that a source has said. */
    Optional<Integer> integer(String key) {
        return Optional.ofNullable(entries.get(key))
                .map(Entry::value)
                .filter(JsonNode::canConvertToInt)
                .map(JsonNode::intValue);
    }

    /** Returns a number that a source has said. */
    Optional<Double> number(String key) {
        return Optional.ofNullable(entries.get(key))
                .map(Entry::value)
                .filter(JsonNode::isNumber)
                .map(JsonNode::asDouble);
    }

    /** Returns the settings' keys and values by source, in the sources' order. */
    Map<String, List<String>> bySource() {
        var lines = new LinkedHashMap<String, List<String>>();
        entries.forEach((key, entry) -> lines.computeIfAbsent(entry.source, _ -> new ArrayList<>())
                .add(String.format("%-24s%s", key, shown(entry.value.asText()))));
        return lines;
    }

    /** Returns the keys of the settings that came from a source. */
    List<String> keysFrom(String source) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().source.equals(source))
                .map(Map.Entry::getKey)
                .toList();
    }

    TrmConfig config() {
        var tree = JsonNodeFactory.instance.objectNode();
        entries.forEach((key, entry) -> tree.set(key, entry.value));
        return Settings.read(TrmConfig.PAPER, tree, file);
    }
}
