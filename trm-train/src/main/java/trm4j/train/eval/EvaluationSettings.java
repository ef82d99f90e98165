package trm4j.train.eval;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.InputFile;
import trm4j.train.EvaluationException;
import trm4j.train.TrmCommand;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Sources;
import trm4j.train.data.Split;

/**
 * Says what is evaluated and how, as far as predictions depend on it.
 *
 * @param model the checkpoint's file
 * @param data the data set's folder, or a CSV file
 * @param steps supervision steps of a puzzle at most
 * @param halting whether a puzzle is done as soon as the model says so
 * @param limit puzzles at most, of ARC tasks whole tasks and at least one; 0 for all
 * @param dtype how activations are stored, which need not be as in training
 * @param tries how each puzzle is tried
 */
public record EvaluationSettings(
        Path model, Path data, Split split, int steps, boolean halting, int limit, TrmConfig.Dtype dtype,
        Tries tries) {

    static final String MODEL_SHA256 = "model_sha256";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** By digests, the names of what they are of. */
    private static final Map<String, String> NAMES = Map.of(MODEL_SHA256, "model", "puzzles_sha256", "data");
    private static final String DTYPE = "dtype";
    /** What tells the puzzles from others, as that of a run does. */
    static final String FINGERPRINT = "puzzles";
    private static final String SOURCES = "sources";
    private static final String ROLLOUTS = "rollouts";
    private static final int DIGESTED_EXAMPLES = 64;
    private static final int MOST_BYTES = 1 << 20;

    /** Says what is evaluated, each puzzle tried once. */
    public EvaluationSettings(
            Path model, Path data, Split split, int steps, boolean halting, int limit, TrmConfig.Dtype dtype) {
        this(model, data, split, steps, halting, limit, dtype, Tries.ONE);
    }

    /** Returns the same of a model and puzzles that are elsewhere. */
    EvaluationSettings of(Path model, Path data) {
        return new EvaluationSettings(model, data, split, steps, halting, limit, dtype, tries);
    }

    /** Whether the puzzles are those of a file, not of a data set. */
    boolean ofCsv() {
        return Files.isRegularFile(data);
    }

    /**
     * Returns what the evaluation in a folder is of, to go on with it.
     *
     * @throws EvaluationException if there is none, or its settings are damaged
     */
    public static EvaluationSettings of(Path folder) {
        var file = folder.resolve(EvaluationFolder.SETTINGS);
        if (!Files.exists(file)) {
            throw new EvaluationException("There is no evaluation in " + folder + " to go on with, expected "
                    + EvaluationFolder.SETTINGS + "; " + TrmCommand.line("eval", "MODEL", "--out", folder)
                    + " begins one.");
        }
        var json = read(file);
        var split = Stream.of(Split.values()).filter(each -> each.toString().equals(json.path("split").asText()))
                .findFirst();
        if (!json.path("model").isTextual() || !json.path("data").isTextual() || split.isEmpty()
                || json.path("steps").asInt() < 1 || !json.path("halt").isBoolean() || !json.path("limit").isInt()
                || !dtype(json).isTextual()) {
            throw damaged(file, null);
        }
        try {
            return new EvaluationSettings(
                    Path.of(json.get("model").textValue()), Path.of(json.get("data").textValue()), split.get(),
                    json.get("steps").intValue(), json.get("halt").booleanValue(), json.get("limit").intValue(),
                    TrmConfig.Dtype.of(dtype(json).textValue()), Tries.of(json.path(ROLLOUTS)));
        } catch (IllegalArgumentException | ConfigException e) {
            throw damaged(file, e);
        }
    }

    /** Returns the type of activations; evaluations that do not say it yet were in float32. */
    private static JsonNode dtype(JsonNode json) {
        return json.has(DTYPE) ? json.get(DTYPE) : TextNode.valueOf(TrmConfig.Dtype.FLOAT32.key());
    }

    /**
     * Checks that an earlier evaluation was of the same.
     *
     * @param file its settings
     * @param now what is asked for
     * @throws EvaluationException if a setting was another
     */
    static void requireSame(Path file, JsonNode now) {
        var before = read(file);
        if (before.has(ROLLOUTS) && !now.has(ROLLOUTS)) {
            throw new EvaluationException("The evaluation in " + file.getParent() + " has " + ROLLOUTS + " "
                    + shown(before.get(ROLLOUTS).toString()) + ", expected none to go on with; ask for the same, or "
                    + "start anew in another folder with --out.");
        }
        for (var setting : now.properties()) {
            var key = setting.getKey();
            var earlier = key.equals(DTYPE) ? dtype(before) : before.path(key);
            // A folder or file may have been moved, or be named in another way.
            if (NAMES.containsValue(key) || isSame(setting.getValue(), earlier)
                    // Evaluations of before did not tell these; the digest does.
                    || key.equals(FINGERPRINT) || key.equals(SOURCES)) {
                continue;
            }
            var name = NAMES.get(key);
            throw new EvaluationException(name != null
                    ? "The " + name + " " + now.get(name).asText() + " is not that of the evaluation in "
                            + file.getParent() + ", named " + shown(before.path(name).asText())
                            + " then; name the same, or start anew in another folder with --out."
                    : "The evaluation in " + file.getParent() + " has " + key + " " + shown(earlier.toString())
                            + ", expected " + setting.getValue()
                            + " to go on with; ask for the same, or start anew in another folder with --out.");
        }
    }

    /** As they are written: a number that was read may be of another type. */
    private static boolean isSame(JsonNode now, JsonNode earlier) {
        return now.toString().equals(earlier.toString());
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(InputFile.bytes(file, MOST_BYTES));
        } catch (JsonProcessingException e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static EvaluationException damaged(Path file, Exception cause) {
        return new EvaluationException(file + " is damaged, expected the settings of an evaluation; start anew in "
                + "another folder with --out.", cause);
    }

    private static EvaluationException unreadable(Path file, IOException e) {
        return new EvaluationException(file + " cannot be read (" + e + ").", e);
    }

    /** For programs, with what tells the model and the file of puzzles from others. */
    ObjectNode json() {
        return json(digest(data));
    }

    /** For programs, with what tells the model and the puzzles from others. */
    ObjectNode json(PuzzleDataset dataset) {
        var json = json(digest(dataset));
        try {
            json.put(FINGERPRINT, PuzzleDataset.fingerprint(dataset.folder(), dataset.split()));
        } catch (IOException e) {
            throw unreadable(dataset.folder(), e);
        }
        Sources.of(dataset.folder()).ifPresent(sources -> json.set(SOURCES, sources));
        return json;
    }

    private ObjectNode json(String puzzles) {
        var json = JSON.createObjectNode()
                .put("model", model.toAbsolutePath().normalize().toString())
                .put("data", data.toAbsolutePath().normalize().toString())
                .put("split", split.toString())
                .put("steps", steps)
                .put("halt", halting)
                .put("limit", limit)
                .put(DTYPE, dtype.key())
                .put(MODEL_SHA256, digest(model))
                .put("puzzles_sha256", puzzles);
        if (!tries.isPlain()) {
            json.set(ROLLOUTS, tries.json());
        }
        return json;
    }

    static String digest(Path file) {
        var digest = sha256();
        var chunk = ByteBuffer.allocate(1 << 20);
        try (var channel = InputFile.open(file)) {
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of some puzzles all over the data set, and of how many there are. */
    private static String digest(PuzzleDataset dataset) {
        var digest = sha256();
        int examples = dataset.examples();
        digest.update(Integer.toString(examples).getBytes());
        for (long i = 0; i < Math.min(examples, DIGESTED_EXAMPLES); i++) {
            int number = (int) (i * examples / Math.min(examples, DIGESTED_EXAMPLES));
            digest.update(Arrays.toString(dataset.example(number).inputs()).getBytes());
            digest.update(Arrays.toString(dataset.example(number).labels()).getBytes());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
