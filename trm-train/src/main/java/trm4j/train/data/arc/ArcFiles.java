package trm4j.train.data.arc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import trm4j.model.file.JsonProblem;
import trm4j.train.DatasetException;
import trm4j.train.data.Grid;
import trm4j.train.data.JsonFile;

/**
 * ARC tasks as JSON: {@code {"train": [{"input": GRID, "output": GRID}, ...], "test": [...]}}, in a file of its own or
 * under its name in a file of many. Outputs of tests may be in a file of solutions.
 */
final class ArcFiles {

    private static final Pattern CHALLENGES = Pattern.compile("(.*)_challenges\\.json");
    private static final Pattern SOLUTIONS = Pattern.compile("(.*)_solutions\\.json");
    private static final String REMEDY = "mend the file, or copy it again.";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ArcFiles() {}

    /** The tasks of files, and of folders of such, in order. */
    static List<ArcTask> read(List<Path> paths) throws IOException {
        var tasks = new ArrayList<ArcTask>();
        for (var path : paths) {
            for (var file : Files.isDirectory(path) ? filesOf(path) : List.of(path)) {
                tasks.addAll(tasks(file));
            }
        }
        return tasks;
    }

    /** The files that are read for paths, those of solutions too. */
    static List<Path> files(List<Path> paths) throws IOException {
        var files = new ArrayList<Path>();
        for (var path : paths) {
            for (var file : Files.isDirectory(path) ? filesOf(path) : List.of(path)) {
                files.add(file);
                solutionsFile(file).ifPresent(files::add);
            }
        }
        return files;
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            var files = entries.filter(file -> file.toString().endsWith(".json") && !isOfChallenges(file))
                    .sorted().toList();
            if (files.isEmpty()) {
                throw new DatasetException(
                        folder + " has no .json files, expected ARC tasks in them; name another folder.");
            }
            return files;
        }
    }

    /** Whether a file has solutions, which are read with the challenges beside it. */
    private static boolean isOfChallenges(Path file) {
        var name = SOLUTIONS.matcher(file.getFileName().toString());
        return name.matches() && Files.exists(file.resolveSibling(name.group(1) + "_challenges.json"));
    }

    /** The tasks of a file, with their solutions if they are beside it. */
    static List<ArcTask> tasks(Path file) {
        if (!Files.exists(file)) {
            throw new DatasetException(file + " does not exist, expected a JSON file of ARC tasks.");
        }
        var name = file.getFileName().toString().replaceFirst("\\.json$", "");
        return tasks(file, name, JsonFile.read(file, REMEDY).root(), solutions(file));
    }

    /**
     * The tasks of a text.
     *
     * @param where it is from, for messages
     * @param name of the task if it is a single one, which does not say its own
     */
    static List<ArcTask> tasks(Object where, String name, String text) {
        try {
            return tasks(where, name, JSON.readTree(text), null);
        } catch (JsonProcessingException e) {
            throw new DatasetException(where + " is not valid JSON" + JsonProblem.place(e) + "; mend it.", e);
        }
    }

    private static List<ArcTask> tasks(Object where, String name, JsonNode root, JsonFile solutions) {
        if (root.path("train").isArray()) {
            return List.of(task(where, name, root, null));
        }
        if (!root.isObject() || root.isEmpty()) {
            throw wrong(where.toString(), "ARC tasks, as the competition's challenges file has them", root);
        }
        return root.properties().stream()
                .map(entry -> task(where, entry.getKey(), entry.getValue(), solutions))
                .toList();
    }

    private static Optional<Path> solutionsFile(Path file) {
        var name = CHALLENGES.matcher(file.getFileName().toString());
        return name.matches()
                ? Optional.of(file.resolveSibling(name.group(1) + "_solutions.json")).filter(Files::exists)
                : Optional.empty();
    }

    private static JsonFile solutions(Path file) {
        return solutionsFile(file).map(solutions -> JsonFile.read(solutions, REMEDY)).orElse(null);
    }

    private static ArcTask task(Object file, String name, JsonNode task, JsonFile solutions) {
        var where = file + ", task " + name;
        if (name.isEmpty() || name.contains("|")) {
            throw new DatasetException(where + ": expected a name, and that without '|', which parts names from "
                    + "augmentations; rename it.");
        }
        var demonstrations = new ArrayList<ArcTask.Pair>();
        for (var pair : pairs(where, task, "train")) {
            var place = where + ", train pair " + (demonstrations.size() + 1);
            demonstrations.add(new ArcTask.Pair(
                    grid(place + ", input", pair.path("input")), grid(place + ", output", pair.path("output"))));
        }
        var outputs = solutions == null ? null : solutions.root().path(name);
        var tests = pairs(where, task, "test");
        if (outputs != null && (!outputs.isArray() || outputs.size() != tests.size())) {
            throw wrong(solutions.path() + ", task " + name, tests.size() + " grids, one for each test", outputs);
        }
        var tested = new ArrayList<ArcTask.Pair>();
        for (int i = 0; i < tests.size(); i++) {
            var place = where + ", test pair " + (i + 1);
            var output = outputs == null ? tests.get(i).path("output") : outputs.get(i);
            tested.add(new ArcTask.Pair(
                    grid(place + ", input", tests.get(i).path("input")),
                    output.isMissingNode() ? null : grid(place + ", output", output)));
        }
        return new ArcTask(name, List.copyOf(demonstrations), List.copyOf(tested));
    }

    private static JsonNode pairs(String where, JsonNode task, String key) {
        var pairs = task.path(key);
        if (!pairs.isArray() || pairs.isEmpty()) {
            throw wrong(where + ", key " + key, "a list of at least one pair of grids", pairs);
        }
        return pairs;
    }

    static Grid grid(String where, JsonNode rows) {
        int columns = rows.path(0).size();
        if (!rows.isArray() || rows.size() > ArcTokens.SIDE || columns < 1 || columns > ArcTokens.SIDE) {
            throw wrong(where, "a grid of 1 to 30 rows of 1 to 30 colours", rows);
        }
        var cells = new byte[rows.size() * columns];
        for (int i = 0; i < cells.length; i++) {
            var row = rows.get(i / columns);
            var cell = row.path(i % columns);
            if (row.size() != columns || !cell.isInt() || cell.intValue() < 0 || cell.intValue() > 9) {
                throw wrong(where + ", row " + (i / columns + 1), columns + " colours from 0 to 9", row);
            }
            cells[i] = (byte) cell.intValue();
        }
        return new Grid(rows.size(), columns, cells);
    }

    private static DatasetException wrong(String where, String expected, JsonNode found) {
        var text = found.isMissingNode() ? "nothing" : found.toString();
        return new DatasetException(where + ": expected " + expected + ", found "
                + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "; mend it.");
    }

    /** Tasks as a file of many has them, outputs of tests included. */
    static ObjectNode json(List<ArcTask> tasks) {
        var root = JsonNodeFactory.instance.objectNode();
        for (var task : tasks) {
            var node = root.putObject(task.name());
            task.demonstrations().forEach(pair -> put(node.withArray("train"), pair));
            task.tests().forEach(pair -> put(node.withArray("test"), pair));
        }
        return root;
    }

    private static void put(ArrayNode pairs, ArcTask.Pair pair) {
        var node = pairs.addObject();
        node.set("input", json(pair.input()));
        if (pair.output() != null) {
            node.set("output", json(pair.output()));
        }
    }

    private static ArrayNode json(Grid grid) {
        var rows = JsonNodeFactory.instance.arrayNode(grid.rows());
        for (int row = 0; row < grid.rows(); row++) {
            var cells = rows.addArray();
            for (int column = 0; column < grid.columns(); column++) {
                cells.add(grid.at(row, column));
            }
        }
        return rows;
    }
}
