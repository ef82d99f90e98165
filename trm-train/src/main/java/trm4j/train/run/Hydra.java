package trm4j.train.run;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import trm4j.model.config.ConfigException;

/**
 * Puts a configuration together as Hydra does, in which the authors write theirs.
 *
 * @param file where it stands
 */
record Hydra(Path file) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\.?)([A-Za-z_]\\w*(?:\\.\\w+)*)}");

    /**
     * Returns the whole configuration, its keys in lower case, with values in the place of references.
     *
     * @throws ConfigException if it names a file or a value that is not there, or has a key twice
     */
    ObjectNode whole(JsonNode tree) {
        var whole = lowerCase(tree);
        compose(whole);
        resolve(whole, whole);
        return whole;
    }

    /** Keys may be of any case, as ours. */
    private ObjectNode lowerCase(JsonNode tree) {
        var lower = JsonNodeFactory.instance.objectNode();
        tree.properties().forEach(entry -> {
            var value = entry.getValue().isObject() ? lowerCase(entry.getValue()) : entry.getValue();
            lower.set(entry.getKey().toLowerCase(Locale.ROOT), value);
        });
        ConfigException.require(
                lower.size() == tree.size(), file.toString(), "each key once, in whatever case",
                shown(tree.toString()));
        return lower;
    }

    /** Adds the architecture that {@code defaults} names, from the folder {@code arch} beside the file. */
    private void compose(ObjectNode whole) {
        for (var entry : whole.path("defaults")) {
            if (entry.path("arch").isTextual() && !whole.at("/arch/name").isTextual()) {
                var named = file.resolveSibling("arch").resolve(entry.get("arch").asText() + ".yaml");
                if (!Files.exists(named)) {
                    throw new ConfigException(file + ": expected the architecture that defaults names in " + named
                            + ", found no such file; copy it there.");
                }
                var arch = lowerCase(Yaml.read(named));
                whole.path("arch").properties().forEach(own -> arch.set(own.getKey(), own.getValue()));
                whole.set("arch", arch);
            }
        }
    }

    /** Puts values in the place of references: {@code ${.width}} is the one beside it, {@code ${lr}} at the top. */
    private void resolve(ObjectNode section, ObjectNode whole) {
        for (var entry : section.properties()) {
            if (entry.getValue() instanceof ObjectNode inner) {
                resolve(inner, whole);
            } else if (entry.getValue().asText().contains("${")) {
                var matcher = REFERENCE.matcher(entry.getValue().asText());
                var value = matcher.matches()
                        ? (matcher.group(1).isEmpty() ? whole : section)
                                .at("/" + matcher.group(2).toLowerCase(Locale.ROOT).replace('.', '/'))
                        : null;
                if (value == null || !value.isValueNode() || value.asText().contains("${")) {
                    throw new ConfigException(file + ": " + entry.getKey() + ": expected a value, or ${.KEY} for that "
                            + "of another key, found " + shown(entry.getValue().asText())
                            + "; write the value itself.");
                }
                entry.setValue(value);
            }
        }
    }
}
