package trm4j.train.run;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * A configuration of the authors' script, in our keys: {@code cfg_pretrain.yaml}, or {@code all_config.yaml} as the
 * script writes it beside a checkpoint.
 */
public final class AuthorsConfig {

    private static final String MODEL = "recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1";
    private static final String LOSS = "losses@ACTLossHead";
    private static final String ARC_EVALUATOR = "arc@ARC";

    /** Our keys by the authors' in lower case. */
    private static final Map<String, String> OURS = ConfigKey.ALL.stream()
            .filter(key -> !key.authors().isEmpty())
            .collect(Collectors.toMap(key -> key.authors().toLowerCase(Locale.ROOT), ConfigKey::key));
    /** Keys of the architecture that the authors' code knows a value for, where it is another than ours. */
    private static final Map<String, JsonNode> UNSAID = Map.of(
            "mlp_t", BooleanNode.FALSE, "puzzle_emb_ndim", IntNode.valueOf(0), "forward_dtype",
            TextNode.valueOf(TrmConfig.Dtype.BFLOAT16.key()));
    /** Keys that the authors' script has a value for if they are left out. */
    private static final Set<String> OPTIONAL = Set.of(
            "seed", "load_checkpoint", "freeze_weights", "eval_interval", "min_eval_interval", "ema_rate",
            "arch.rms_norm_eps", "arch.rope_theta", "arch.forward_dtype", "arch.mlp_t", "arch.puzzle_emb_len",
            "arch.puzzle_emb_ndim", "arch.no_act_continue");
    /** They name things, and when to save, which is done before each evaluation in any case. */
    private static final Set<String> MEANINGLESS = Set.of(
            "defaults", "hydra", "project_name", "run_name", "checkpoint_path", "checkpoint_every_eval");

    private final Path file;
    private final ObjectNode settings = JsonNodeFactory.instance.objectNode();
    private final List<String> modelNotices = new ArrayList<>();
    private final List<String> runNotices = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final List<String> meaningless = new ArrayList<>();
    private final List<Path> data = new ArrayList<>();
    private final List<Path> testData = new ArrayList<>();
    private boolean averages;

    /** Tells whether settings are those of the authors' script. */
    public static boolean is(JsonNode tree) {
        return tree.has("global_batch_size") || tree.path("defaults").isArray() || tree.at("/arch/name").isTextual();
    }

    /**
     * Takes settings.
     *
     * @param file where they stand
     * @throws ConfigException if they are of another model, or refer to a value that is not there
     */
    public AuthorsConfig(JsonNode tree, Path file) {
        this.file = file;
        var whole = new Hydra(file).whole(tree);
        for (var section : List.of("run", "arch", "train")) {
            settings.putObject(section);
        }
        var name = whole.at("/arch/name").asText();
        ConfigException.require(
                name.equals(MODEL), file + ": arch.name", MODEL + ", the only model that is known", shown(name));
        take("", whole);
        if (!averages) {
            section("train").put("ema_rate", 0);
        }
        if (!meaningless.isEmpty()) {
            runNotices.add("Without a meaning here, left out: " + String.join(", ", meaningless) + ".");
        }
    }

    private void take(String path, ObjectNode section) {
        for (var entry : section.properties()) {
            var key = path + entry.getKey();
            if (entry.getValue() instanceof ObjectNode inner && !MEANINGLESS.contains(key)) {
                take(key + ".", inner);
            } else {
                take(key, entry.getValue());
            }
        }
    }

    private void take(String key, JsonNode value) {
        if (MEANINGLESS.contains(key)) {
            meaningless.add(key);
            return;
        }
        switch (key) {
            case "arch.name" -> { }
            case "arch.loss.name" -> ConfigException.require(
                    value.asText().equals(LOSS), file + ": " + key, LOSS + ", the only loss that is known",
                    shown(value.asText()));
            case "arch.forward_dtype" -> {
                if (Arrays.stream(TrmConfig.Dtype.values()).anyMatch(dtype -> dtype.key().equals(value.asText()))) {
                    setting(key, value);
                } else {
                    modelNotices.add(key + " is " + shown(value.asText()) + "; computed in float32 here.");
                    setting(key, TextNode.valueOf(TrmConfig.Dtype.FLOAT32.key()));
                }
            }
            case "ema" -> averages = value.asBoolean();
            case "data_paths" -> paths(key, value, data);
            case "data_paths_test" -> paths(key, value, testData);
            case "evaluators" -> value.forEach(evaluator -> evaluator(evaluator.path("name").asText()));
            case "eval_save_outputs" -> {
                if (!value.isEmpty()) {
                    runNotices.add("eval_save_outputs is left out: trm eval writes what it predicts.");
                }
            }
            case "freeze_weights" -> {
                var freeze = value.asBoolean() ? TrainConfig.Freeze.WEIGHTS : TrainConfig.Freeze.NONE;
                setting(key, TextNode.valueOf(freeze.key()));
            }
            default -> setting(key, value);
        }
    }

    private void setting(String key, JsonNode value) {
        var ours = OURS.get(key);
        if (ours == null) {
            (key.startsWith("arch.") ? modelNotices : runNotices)
                    .add("Not a setting of the model" + (key.startsWith("arch.") ? "" : " or its training")
                            + ", left out: " + shown(key) + ".");
        } else if (!value.isNull()) {
            said.add(key);
            int dot = ours.indexOf('.');
            section(ours.substring(0, dot)).set(ours.substring(dot + 1), value);
        }
    }

    private void evaluator(String name) {
        runNotices.add(name.equals(ARC_EVALUATOR)
                ? "evaluators is left out: puzzles are judged as what their data set says they are."
                : "Not an evaluator that is known, left out: " + shown(name) + ".");
    }

    private void paths(String key, JsonNode value, List<Path> paths) {
        for (var path : value) {
            // What no path can be has these only.
            ConfigException.require(
                    path.isTextual() && !path.asText().contains("\0"), file + ": " + key, "a list of folders",
                    shown(value.toString()));
            paths.add(Path.of(path.asText()));
        }
    }

    private ObjectNode section(String name) {
        return (ObjectNode) settings.get(name);
    }

    /** Returns the settings that the file says of {@code run}, {@code arch} or {@code train}, by our keys. */
    public ObjectNode said(String name) {
        return section(name).deepCopy();
    }

    /** Returns what the user should know of how the architecture was taken. */
    public List<String> modelNotices() {
        return List.copyOf(modelNotices);
    }

    /** Returns all that the file says, by our keys. */
    ObjectNode said() {
        return settings.deepCopy();
    }

    /** Returns all that the file says, and the values that the authors' code has where it does not, by our keys. */
    ObjectNode whole() {
        var whole = settings.deepCopy();
        UNSAID.forEach((key, value) -> {
            if (!section("arch").has(key)) {
                ((ObjectNode) whole.get("arch")).set(key, value);
            }
        });
        return whole;
    }

    /** Returns what the user should know of how all of it was taken. */
    List<String> notices() {
        var notices = new ArrayList<>(modelNotices);
        notices.addAll(runNotices);
        var open = new TreeSet<>(OURS.keySet());
        open.removeAll(said);
        open.removeAll(OPTIONAL);
        if (!open.isEmpty()) {
            notices.add("Not said, so taken as the paper has it for Sudoku-Extreme: " + String.join(", ", open) + ".");
        }
        return notices;
    }

    List<Path> data() {
        return List.copyOf(data);
    }

    List<Path> testData() {
        return List.copyOf(testData);
    }
}
