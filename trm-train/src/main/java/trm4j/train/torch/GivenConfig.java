package trm4j.train.torch;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import trm4j.model.Checkpoint;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.JsonProblem;
import trm4j.train.run.AuthorsConfig;
import trm4j.train.run.RunConfig;
import trm4j.train.run.Yaml;

/**
 * The configuration that comes with weights: what a file, or the weights' own, says of a model beside them.
 *
 * @param arch settings of the architecture that are said, by our keys
 * @param step training steps taken, 0 if that is not said
 * @param source where it stands
 * @param notices what the user should know of it
 */
record GivenConfig(ObjectNode arch, TrainConfig train, long step, String source, List<String> notices) {

    /** Stands in the {@code config.json} that trm export writes for a hub. */
    private static final String MODEL_TYPE = "model_type";

    /** The sizes that 0 leaves to the data set. */
    private static final List<String> OPEN_AT_0 = List.of("seq_len", "vocab_size", "num_puzzle_identifiers");

    /** What a recording's {@code config.json}, else like ours, has besides. */
    private static final Map<String, List<String>> RECORDINGS_OWN =
            Map.of("arch", List.of("batch_size"), "train", List.of("steps", "total_steps"));

    /**
     * Reads a YAML file: ours, a recording's, or {@code all_config.yaml} as the authors' script saves it.
     *
     * @throws ConfigException if it is neither, or of another model
     */
    static GivenConfig read(Path file) {
        var tree = Yaml.read(file);
        if (AuthorsConfig.is(tree)) {
            return authors(new AuthorsConfig(tree, file), file);
        }
        if (tree.has("arch") && tree.has(MODEL_TYPE)) {
            var recorded = recorded(tree.toString(), file);
            return new GivenConfig(recorded.arch, recorded.train, recorded.step, "From " + file, List.of());
        }
        if (!tree.has("arch") && file.toString().endsWith(".json")) {
            return flat(tree.path("config_dict").isObject() ? tree.path("config_dict") : tree, file);
        }
        var notices = new ArrayList<String>();
        RECORDINGS_OWN.forEach((section, keys) -> keys.forEach(key -> {
            if (tree.get(section) instanceof ObjectNode settings && settings.remove(key) != null) {
                notices.add("Not a setting of the model, left out: " + section + "." + key + ".");
            }
        }));
        var config = RunConfig.of(tree, file);
        return new GivenConfig(said(config.arch()), config.train(), 0, "From " + file, notices);
    }

    /**
     * Takes a hub's {@code config.json}: settings of the architecture without a section, by our or the authors' names,
     * among others that say nothing of how the model computes.
     */
    private static GivenConfig flat(JsonNode tree, Path file) {
        var known = Settings.MAPPER.valueToTree(TrmConfig.PAPER);
        var arch = Settings.MAPPER.createObjectNode();
        var others = new ArrayList<String>();
        tree.properties().forEach(setting -> {
            var key = setting.getKey().toLowerCase(Locale.ROOT);
            if (known.has(key)) {
                arch.set(key, setting.getValue());
            } else {
                others.add(shown(setting.getKey()));
            }
        });
        if (arch.isEmpty()) {
            throw new ConfigException(file + ": expected settings of a TRM's architecture, such as hidden_size, found "
                    + shown(String.join(", ", others)) + "; name another with --config.");
        }
        Settings.read(TrmConfig.PAPER, arch, file.toString());
        return new GivenConfig(arch, TrainConfig.PAPER, 0, "From " + file, others.isEmpty() ? List.of()
                : List.of("Not settings of the model, left out: " + String.join(", ", others) + "."));
    }

    /** Returns the same, with something else that the user should know. */
    GivenConfig noting(String notice) {
        return new GivenConfig(
                arch, train, step, source, Stream.concat(Stream.of(notice), notices.stream()).toList());
    }

    /** Reads what trm4j recorded in a file, or beside it for a hub; what was guessed then is left open. */
    static GivenConfig recorded(String json, Path file) {
        try {
            var tree = Settings.MAPPER.readTree(json);
            var arch = Settings.read(TrmConfig.PAPER, tree.path("arch"), file.toString());
            var train = Settings.read(TrainConfig.PAPER, tree.path("train"), file.toString());
            var said = said(arch);
            said.remove(Checkpoint.guessed(tree.path("guessed"), file));
            return new GivenConfig(said, train, tree.path("step").asLong(), "Recorded in the file", List.of());
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " has a configuration that cannot be read: " + JsonProblem.of(e)
                    + "; export the model again.", e);
        }
    }

    private static ObjectNode said(TrmConfig config) {
        ObjectNode arch = Settings.MAPPER.valueToTree(config);
        OPEN_AT_0.stream().filter(key -> arch.path(key).asInt() == 0).forEach(arch::remove);
        return arch;
    }

    private static GivenConfig authors(AuthorsConfig authors, Path file) {
        var arch = authors.said("arch");
        // Each value's type and range, before they are compared with anything.
        Settings.read(TrmConfig.PAPER, arch, file.toString());
        var train = Settings.read(TrainConfig.PAPER, authors.said("train"), file.toString());
        return new GivenConfig(arch, train, 0, "From " + file, authors.modelNotices());
    }
}
