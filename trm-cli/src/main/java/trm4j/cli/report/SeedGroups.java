package trm4j.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import trm4j.kernels.UserException;
import trm4j.train.run.RunFolder;
import trm4j.train.run.RunRecord;

/** Finds runs, or evaluations of their models, that differ in nothing but the run's seed. */
final class SeedGroups {

    private static final String SEED = "run.seed";
    /** What evaluations of models that differ by their seeds alone differ in. */
    private static final List<String> OWN =
            List.of("model", "model_sha256", "data", "puzzles", "puzzles_sha256", "sources");

    private final Map<Object, List<Integer>> members = new LinkedHashMap<>();

    /** Adds the run of a number. */
    void add(int number, RunRecord run) {
        add(number, settings(run));
    }

    /** Adds the evaluation of a number, unless nobody knows how its model was trained. */
    void add(int number, JsonNode evaluation) {
        run(evaluation).ifPresent(run -> {
            var key = new TreeMap<>(settings(run));
            evaluation.properties().stream()
                    .filter(setting -> !OWN.contains(setting.getKey()))
                    .forEach(setting -> key.put("evaluation " + setting.getKey(), setting.getValue().toString()));
            // A run may have made its puzzles, by its seed.
            boolean own = evaluation.path("data").asText().startsWith(run.path().toString());
            key.put("evaluation puzzles", own ? "" : evaluation.path("puzzles_sha256").asText());
            add(number, key);
        });
    }

    private void add(int number, Map<String, String> key) {
        members.computeIfAbsent(key, _ -> new ArrayList<>()).add(number);
    }

    private static Map<String, String> settings(RunRecord run) {
        var settings = new TreeMap<>(run.settings());
        settings.remove(SEED);
        return settings;
    }

    private static Optional<RunRecord> run(JsonNode evaluation) {
        try {
            return RunFolder.of(Path.of(evaluation.path("model").asText())).map(RunRecord::of);
        } catch (UserException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the numbers of each group that has several. */
    ArrayNode json() {
        var groups = JsonNodeFactory.instance.arrayNode();
        members.values().stream().filter(group -> group.size() > 1).forEach(group ->
                group.forEach(groups.addArray()::add));
        return groups;
    }
}
