package trm4j.model.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import trm4j.kernels.UserException;
import trm4j.model.file.JsonProblem;

/**
 * Reads records from trees of settings: a key that is left out keeps its default, a key that is not one
 * is refused. Keys are the records' names in snake case; case does not matter, so that the authors'
 * {@code H_cycles} is {@code h_cycles}.
 */
public final class Settings {

    /** Writes records as they are read. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(
                    LogicalType.Enum, c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .build();

    private Settings() {}

    /**
     * Makes a record from settings.
     *
     * @param defaults where a key is left out
     * @param given the settings, an object
     * @param where the settings stand, such as a file's name, for messages
     * @throws ConfigException for an unknown key, a value of the wrong type or out of range
     */
    public static <T> T read(T defaults, JsonNode given, String where) {
        ObjectNode tree = MAPPER.valueToTree(defaults);
        merge(tree, given, where, "");
        try {
            @SuppressWarnings("unchecked")
            var type = (Class<T>) defaults.getClass();
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ConfigException mistake) {
                    throw new ConfigException(where + ": " + mistake.getMessage(), mistake);
                }
            }
            throw new ConfigException(where + ": " + JsonProblem.of(e) + ".", e);
        }
    }

    private static void merge(ObjectNode tree, JsonNode given, String where, String path) {
        if (!given.isObject()) {
            throw new ConfigException(where + ": expected keys and values under "
                    + (path.isEmpty() ? "the top" : path.substring(0, path.length() - 1)) + ", found "
                    + given.toString() + ".");
        }
        var seen = new HashSet<String>();
        for (var entry : given.properties()) {
            var key = entry.getKey().toLowerCase();
            var known = tree.get(key);
            if (known == null) {
                throw new ConfigException(where + ": unknown key " + path + entry.getKey() + "; did you mean "
                        + path + nearest(key, tree) + "? Known keys: " + String.join(", ", names(tree)) + ".");
            }
            if (!seen.add(key)) {
                throw new ConfigException(where + ": expected each key once, found " + path + key
                        + " again; take one of them out.");
            }
            if (known instanceof ObjectNode inner) {
                merge(inner, entry.getValue(), where, path + key + ".");
            } else if (entry.getValue().isNull()) {
                // Jackson would take it for 0, or for nothing at all.
                throw new ConfigException(where + ": " + path + key + ": expected a value, found none; give one, or"
                        + " take the key out"
                        + (known.asText().isEmpty() ? "" : " to have " + known.asText()) + ".");
            } else {
                requireType(known, entry.getValue(), where + ": " + path + key);
                tree.set(key, entry.getValue());
            }
        }
    }

    /** Refuses a value of another type than the default's. */
    private static void requireType(JsonNode known, JsonNode found, String where) {
        if (known.isBoolean()) {
            requireType(found.isBoolean(), where, "true or false", found);
        } else if (known.isTextual()) {
            requireType(found.isTextual(), where, known.asText().isEmpty() ? "text" : "a word such as " + known.asText(),
                    found);
        } else if (known.isIntegralNumber()) {
            requireType(found.isIntegralNumber(), where, "a whole number", found);
            boolean fits = known.isInt() ? found.canConvertToInt() : found.canConvertToLong();
            requireType(fits, where, "a whole number below 2^" + (known.isInt() ? 31 : 63), found);
        } else {
            requireType(found.isNumber(), where, "a number", found);
        }
    }

    private static void requireType(boolean holds, String where, String expected, JsonNode found) {
        ConfigException.require(holds, where, expected, UserException.shown(found));
    }

    private static List<String> names(ObjectNode tree) {
        var names = new ArrayList<String>();
        tree.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String nearest(String key, ObjectNode tree) {
        return names(tree).stream()
                .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
                .orElse("");
    }

    /** Returns the number of edits that turn one word into the other (Levenshtein). */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
