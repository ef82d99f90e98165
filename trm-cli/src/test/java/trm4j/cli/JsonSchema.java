package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a table of {@code docs/json.md} says of a command's JSON: a tree of fields. */
final class JsonSchema {

    private static final Path PAGE = Path.of("../docs/json.md");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([a-z ]+) \\| .*\\|");

    private final Map<String, JsonSchema> fields = new LinkedHashMap<>();
    private boolean optional;
    /** Of what it is; null for what has fields. */
    private String type;

    /** Reads the table below a title, such as {@code trm solve}. */
    static JsonSchema of(String title) throws IOException {
        var root = new JsonSchema();
        Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("## `" + title + "`"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .map(ROW::matcher)
                .filter(row -> row.matches())
                .forEach(row -> root.add(row.group(1), row.group(2)));
        if (root.fields.isEmpty()) {
            throw new AssertionError("no table of " + title);
        }
        return root;
    }

    private void add(String path, String type) {
        var field = this;
        for (var word : path.replace("[]", ".[]").split("\\.")) {
            var name = word.replace("?", "");
            field = field.fields.computeIfAbsent(name, _ -> new JsonSchema());
            field.optional |= word.endsWith("?") || name.equals("[]") || name.equals("*");
        }
        field.type = type;
    }

    /** Returns how JSON differs from the table: fields that are not in it, others that are missing, other types. */
    List<String> differences(JsonNode json) {
        var found = new ArrayList<String>();
        compare("", json, found);
        return found;
    }

    private void compare(String where, JsonNode json, List<String> found) {
        if (type != null) {
            if (!isOf(type, json)) {
                found.add(where + " is no " + type + ": " + json);
            }
            return;
        }
        boolean isList = fields.containsKey("[]");
        if (isList ? !json.isArray() : !json.isObject()) {
            found.add(where + " is no " + (isList ? "list: " : "object: ") + json);
        } else if (isList) {
            json.forEach(each -> fields.get("[]").compare(where + "[]", each, found));
        } else {
            json.properties().forEach(each -> {
                var field = fields.getOrDefault(each.getKey(), fields.get("*"));
                if (field == null) {
                    found.add(where + "." + each.getKey() + " is not in the table");
                } else {
                    field.compare(where + "." + each.getKey(), each.getValue(), found);
                }
            });
            fields.forEach((name, field) -> {
                if (!field.optional && !json.has(name)) {
                    found.add(where + "." + name + " is missing");
                }
            });
        }
    }

    private static boolean isOf(String type, JsonNode json) {
        return switch (type) {
            case "any" -> true;
            case "string" -> json.isTextual();
            case "integer" -> json.isIntegralNumber();
            case "number" -> json.isNumber();
            case "number or null" -> json.isNumber() || json.isNull();
            case "boolean" -> json.isBoolean();
            case "object" -> json.isObject();
            default -> throw new AssertionError("docs/json.md has a type " + type);
        };
    }
}
