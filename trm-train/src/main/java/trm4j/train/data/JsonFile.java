package trm4j.train.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import trm4j.model.file.InputFile;
import trm4j.model.file.JsonProblem;
import trm4j.train.DatasetException;

/** A JSON file whose values are asked for by key, each with what is expected of it. */
public record JsonFile(Path path, JsonNode root) {

    static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Some ten times what the names of ARC tasks with 1,000 copies each take. */
    private static final int MOST_BYTES = 1 << 29;

    /** Reads a file of a dataset. */
    public static JsonFile read(Path path) {
        return read(path, "copy or make the dataset again.");
    }

    /**
     * Reads a file.
     *
     * @param remedy what to do if it is missing or damaged
     */
    public static JsonFile read(Path path, String remedy) {
        try {
            return new JsonFile(path, MAPPER.readTree(InputFile.bytes(path, MOST_BYTES)));
        } catch (NoSuchFileException e) {
            throw new DatasetException(path + " is missing; " + remedy, e);
        } catch (JsonProcessingException e) {
            throw new DatasetException(path + " is not valid JSON" + JsonProblem.place(e) + "; " + remedy, e);
        } catch (IOException e) {
            throw new DatasetException(path + " cannot be read (" + e + ").", e);
        }
    }

    boolean has(String key) {
        return root.has(key);
    }

    int integer(String key, int least, int most) {
        var node = root.path(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw wrong(key, most == Integer.MAX_VALUE
                    ? "a whole number of at least " + least
                    : "a whole number from " + least + " to " + most);
        }
        return node.intValue();
    }

    /** A whole number, or null for none; the key must be there all the same. */
    Integer integerOrNull(String key) {
        var node = root.path(key);
        if (node.isNull()) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw wrong(key, "a whole number or null");
        }
        return node.intValue();
    }

    double positive(String key) {
        var node = root.path(key);
        if (!node.isNumber() || !(node.doubleValue() > 0) || Double.isInfinite(node.doubleValue())) {
            throw wrong(key, "a number above 0");
        }
        return node.doubleValue();
    }

    /** A text that matches a pattern as a whole. */
    String word(String key, Pattern pattern, String expected) {
        var node = root.path(key);
        if (!node.isTextual() || !pattern.matcher(node.textValue()).matches()) {
            throw wrong(key, expected);
        }
        return node.textValue();
    }

    List<String> strings(String key) {
        return strings(root.path(key), key);
    }

    /** An object, if the key is there. */
    Optional<JsonNode> object(String key) {
        if (root.has(key) && !root.get(key).isObject()) {
            throw wrong(key, "an object");
        }
        return Optional.ofNullable(root.get(key));
    }

    /**
     * Returns the file as one list of strings.
     *
     * @throws DatasetException if it is something else
     */
    public List<String> strings() {
        return strings(root, "");
    }

    private List<String> strings(JsonNode node, String key) {
        var strings = new ArrayList<String>();
        for (var element : node) {
            strings.add(element.textValue());
        }
        if (!node.isArray() || strings.contains(null)) {
            throw wrong(key, "a list of strings");
        }
        return List.copyOf(strings);
    }

    /** What to throw when a value is not what was expected. */
    DatasetException wrong(String key, String expected) {
        var node = key.isEmpty() ? root : root.path(key);
        var found = node instanceof MissingNode ? "nothing" : node.toString();
        return new DatasetException(path + (key.isEmpty() ? "" : ", key " + key) + ": expected " + expected + ", found "
                + (found.length() > 60 ? found.substring(0, 60) + "..." : found) + "; mend or make the dataset again.");
    }
}
