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
import trm4j.train.run.RunConfig;

/**
 * The configuration that comes with weights: what a file, or the weights' own, says of a model beside them.
 *
 * @param arch settings of the architecture that are said, by our keys
 * @param step training steps taken, 0 if that is not said
 * @param source where it stands
 * @param notices what the user should know of it
 */
record GivenConfig(ObjectNode arch, TrainConfig train, long step, String source, List<String> notices) {

    private static final String TRM = "recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1";

    /** The sizes that 0 leaves to the data set. */
    private static final List<String> OPEN_AT_0 = List.of("seq_len", "vocab_size", "num_puzzle_identifiers");

    /** What a recording's {@code config.json}, else like ours, has besides. */
    private static final Map<String, List<String>> RECORDINGS_OWN =
            Map.of("arch", List.of("batch_size"), "train", List.of("steps", "total_steps"));

    /** Our keys of how a model is trained, and the authors'. */
    private static final Map<String, String> TRAIN_KEYS = Map.ofEntries(
            Map.entry("batch_size", "/global_batch_size"), Map.entry("lr", "/lr"),
            Map.entry("puzzle_emb_lr", "/puzzle_emb_lr"), Map.entry("weight_decay", "/weight_decay"),
            Map.entry("puzzle_emb_weight_decay", "/puzzle_emb_weight_decay"), Map.entry("beta1", "/beta1"),
            Map.entry("beta2", "/beta2"), Map.entry("ema_rate", "/ema_rate"),
            Map.entry("lr_warmup_steps", "/lr_warmup_steps"), Map.entry("lr_min_ratio", "/lr_min_ratio"),
            Map.entry("loss", "/arch/loss/loss_type"));

    /**
     * Reads a YAML file: ours, a recording's, or {@code all_config.yaml} as the authors' script saves it.
     *
     * @throws ConfigException if it is neither, or of another model
     */
    static GivenConfig read(Path file) {
        var tree = RunConfig.tree(file);
        if (tree.has("global_batch_size") || tree.at("/arch/name").isTextual()) {
            return authors(tree, file);
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

    /** Returns the same, with something else that the user should know. */
    GivenConfig noting(String notice) {
        return new GivenConfig(
                arch, train, step, source, Stream.concat(Stream.of(notice), notices.stream()).toList());
    }

    /** Reads what trm4j recorded in a file; what was guessed then is left open. */
    static GivenConfig recorded(String json, Path file) {
        try {
            var tree = Settings.MAPPER.readTree(json);
            var arch = Settings.read(TrmConfig.PAPER, tree.path("arch"), file.toString());
            var train = Settings.read(TrainConfig.PAPER, tree.path("train"), file.toString());
            var said = said(arch);
            said.remove(Checkpoint.guessed(tree.path("guessed"), file));
            return new GivenConfig(said, train, tree.path("step").asLong(), "Recorded in the file", List.of());
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " has a configuration that cannot be read: " + e.getOriginalMessage()
                    + "; export the model again.", e);
        }
    }

    private static ObjectNode said(TrmConfig config) {
        ObjectNode arch = Settings.MAPPER.valueToTree(config);
        OPEN_AT_0.stream().filter(key -> arch.path(key).asInt() == 0).forEach(arch::remove);
        return arch;
    }

    private static GivenConfig authors(JsonNode tree, Path file) {
        var name = tree.at("/arch/name").asText();
        ConfigException.require(name.equals(TRM), file + ": arch.name", TRM + ", the only model that is known", name);
        ObjectNode known = Settings.MAPPER.valueToTree(TrmConfig.PAPER);
        var arch = Settings.MAPPER.createObjectNode();
        var notices = new ArrayList<String>();
        for (var setting : tree.path("arch").properties()) {
            var key = setting.getKey().toLowerCase(Locale.ROOT);
            if (key.equals("forward_dtype")) {
                notices.add("Trained in " + shown(setting.getValue().asText()) + "; computed in float32 here.");
            } else if (known.has(key) && !setting.getValue().isNull()) {
                arch.set(key, setting.getValue());
            } else if (!key.equals("name") && !key.equals("loss")) {
                notices.add("Not a setting of the model, left out: arch." + shown(setting.getKey()) + ".");
            }
        }
        // Each value's type and range, before they are compared with anything.
        Settings.read(TrmConfig.PAPER, arch, file.toString());
        var train = Settings.MAPPER.createObjectNode();
        TRAIN_KEYS.forEach((ours, theirs) -> {
            if (!tree.at(theirs).isMissingNode() && !tree.at(theirs).isNull()) {
                train.set(ours, tree.at(theirs));
            }
        });
        if (!tree.path("ema").asBoolean()) {
            train.put("ema_rate", 0);
        }
        return new GivenConfig(
                arch, Settings.read(TrainConfig.PAPER, train, file.toString()), 0, "From " + file, notices);
    }
}
