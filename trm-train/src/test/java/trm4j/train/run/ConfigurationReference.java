package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import trm4j.model.config.PaperTask;
import trm4j.model.config.Settings;

/** Makes the tables of {@code docs/configuration.md}: what each key is stands in the records' Javadoc. */
final class ConfigurationReference {

    private static final Map<String, String> TITLES = Map.of(
            "run", "how long to train, and what to look at on the way",
            "puzzles", "Sudokus to make where no data set is named",
            "arch", "the model",
            "train", "how it is trained");
    private static final String MODEL = "../trm-model/src/main/java/trm4j/model/config/";
    /** Where each section's record stands. */
    private static final Map<String, List<String>> RECORDS = Map.of(
            "run", List.of("src/main/java/trm4j/train/run/RunConfig.java", "Run"),
            "puzzles", List.of("src/main/java/trm4j/train/run/RunConfig.java", "NewSudokus"),
            "arch", List.of(MODEL + "TrmConfig.java", "TrmConfig"),
            "train", List.of(MODEL + "TrainConfig.java", "TrainConfig"));

    private final Map<String, Map<String, String>> meanings = new HashMap<>();

    ConfigurationReference() throws IOException {
        for (var section : RECORDS.entrySet()) {
            meanings.put(section.getKey(), parameters(
                    Path.of(section.getValue().getFirst()), section.getValue().getLast()));
        }
    }

    /** Returns what a record's Javadoc says of its components, by their keys. */
    private static Map<String, String> parameters(Path source, String record) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(source));
            var docs = DocTrees.instance(task);
            var found = new HashMap<String, String>();
            for (var unit : task.parse()) {
                new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitClass(ClassTree type, Void nothing) {
                        if (type.getSimpleName().contentEquals(record)) {
                            for (var tag : docs.getDocCommentTree(getCurrentPath()).getBlockTags()) {
                                if (tag instanceof ParamTree parameter) {
                                    found.put(
                                            key(parameter.getName().toString()),
                                            parameter.getDescription().stream().map(Object::toString)
                                                    .collect(Collectors.joining()));
                                }
                            }
                        }
                        return super.visitClass(type, nothing);
                    }
                }.scan(unit, null);
            }
            return found;
        }
    }

    private static String key(String component) {
        return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Returns the values of a configuration by their keys, in its order. */
    static Map<String, JsonNode> defaults(RunConfig config) {
        var values = new LinkedHashMap<String, JsonNode>();
        Settings.MAPPER.<JsonNode>valueToTree(config).properties().forEach(section -> section.getValue().properties()
                .forEach(entry -> values.put(section.getKey() + "." + entry.getKey(), entry.getValue())));
        return values;
    }

    /** Returns a section with a table for each of the configuration's. */
    String markdown() {
        var text = new StringBuilder();
        var section = "";
        for (var key : ConfigKey.ALL) {
            var name = key.key().split("\\.");
            if (!name[0].equals(section)) {
                section = name[0];
                text.append(text.isEmpty() ? "" : "\n")
                        .append("## `").append(section).append("`: ").append(TITLES.get(section)).append("\n\n")
                        .append("| key | what it is | values | default | the paper's | the authors' |\n")
                        .append("|---|---|---|---|---|---|\n");
            }
            var meaning = meanings.get(section).get(name[1]);
            if (meaning == null) {
                throw new AssertionError("No @param says what " + key.key() + " is");
            }
            text.append(row(
                    code(name[1]), meaning.replaceAll("\\s+", " ").replaceAll("\\{@code ([^}]*)}", "`$1`"),
                    key.range(), value(key.key()), key.paper(), code(key.authors())));
        }
        return text.toString();
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    /** Returns the default, and what the paper has for other puzzles. */
    private static String value(String key) {
        var value = new StringBuilder(text(defaults(RunConfig.PAPER).get(key)));
        var others = new LinkedHashMap<String, String>();
        for (var task : PaperTask.values()) {
            var other = text(defaults(RunConfig.of(task)).get(key));
            if (!other.contentEquals(text(defaults(RunConfig.PAPER).get(key)))) {
                others.merge(other, task.title(), (a, b) -> a + ", " + b);
            }
        }
        others.forEach((other, tasks) -> value.append("; ").append(tasks).append(": ").append(other));
        return value.toString();
    }

    private static String text(JsonNode value) {
        return value.isFloatingPointNumber()
                ? value.asText().replaceFirst("\\.0(E|$)", "$1").replace('E', 'e')
                : value.asText();
    }
}
