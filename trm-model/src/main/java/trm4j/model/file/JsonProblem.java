package trm4j.model.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import trm4j.kernels.UserException;

/** Says what is wrong with a file of JSON to someone who knows the file, but not the library that reads it. */
public final class JsonProblem {

    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> NUMBER = Set.of(double.class, Double.class);

    private JsonProblem() {}

    /** Returns what was expected, what was found and where, as the end of a sentence without its full stop. */
    public static String of(IOException problem) {
        return switch (problem) {
            case UnrecognizedPropertyException e -> "unknown key " + UserException.shown(e.getPropertyName());
            case ValueInstantiationException e when e.getCause() != null -> e.getCause().getMessage();
            case MismatchedInputException e -> key(e) + "expected " + expected(e) + ", found something else" + place(e);
            case JsonEOFException e -> "expected the rest of it, found its end" + place(e);
            case JsonProcessingException e -> "expected JSON, found something else" + place(e);
            default -> problem.getMessage();
        };
    }

    /** Returns " at line L, column C"; nothing if that is not known. */
    public static String place(JsonProcessingException problem) {
        var at = problem.getLocation();
        return at == null || at.getLineNr() < 1 ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String key(MismatchedInputException problem) {
        var key = new StringBuilder();
        for (JsonMappingException.Reference step : problem.getPath()) {
            key.append(step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
        }
        return key.isEmpty() ? "" : "key " + UserException.shown(key.substring(key.charAt(0) == '.' ? 1 : 0)) + ": ";
    }

    private static String expected(MismatchedInputException problem) {
        var type = problem.getTargetType();
        if (type == null || JsonNode.class.isAssignableFrom(type) || problem.getPath().isEmpty()) {
            return "one JSON object and nothing after it";
        }
        if (WHOLE.contains(type)) {
            return "a whole number";
        }
        if (NUMBER.contains(type)) {
            return "a number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        return type.isArray() || Collection.class.isAssignableFrom(type) ? "a list" : "keys and values";
    }
}
