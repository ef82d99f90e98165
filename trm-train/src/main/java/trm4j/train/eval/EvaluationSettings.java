package trm4j.train.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import trm4j.model.AtomicFile;
import trm4j.model.InputFile;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;

/**
 * What is evaluated and how, as far as predictions depend on it.
 *
 * @param model the checkpoint's file
 * @param data the data set's folder
 * @param steps supervision steps of a puzzle at most
 * @param halting whether a puzzle is done as soon as the model says so
 * @param limit puzzles at most; 0 for all
 */
public record EvaluationSettings(Path model, Path data, Split split, int steps, boolean halting, int limit) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DIGESTED_EXAMPLES = 64;
    private static final int MOST_BYTES = 1 << 20;

    /** Writes them to a file, with what tells the model and the puzzles from others. */
    void write(Path file, PuzzleDataset dataset) throws IOException {
        var bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json(dataset));
        AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(bytes)));
    }

    /**
     * Checks that an earlier evaluation was of the same.
     *
     * @throws EvaluationException if a setting was another
     */
    void requireSame(Path file, PuzzleDataset dataset) throws IOException {
        var now = json(dataset);
        JsonNode before;
        try {
            before = JSON.readTree(InputFile.bytes(file, MOST_BYTES));
        } catch (JsonProcessingException e) {
            throw new EvaluationException(file + " is damaged, expected the settings of an evaluation; start anew in "
                    + "another folder with --out.", e);
        }
        for (var setting : now.properties()) {
            var earlier = before.path(setting.getKey());
            // A folder may have been moved, or be named in another way.
            if (!setting.getKey().matches("model|data") && !setting.getValue().equals(earlier)) {
                throw new EvaluationException("The evaluation in " + file.getParent() + " has " + setting.getKey() + " "
                        + earlier + ", expected " + setting.getValue()
                        + " to go on with; ask for the same, or start anew in another folder with --out.");
            }
        }
    }

    private ObjectNode json(PuzzleDataset dataset) throws IOException {
        return JSON.createObjectNode()
                .put("model", model.toString())
                .put("data", data.toString())
                .put("split", split.toString())
                .put("steps", steps)
                .put("halt", halting)
                .put("limit", limit)
                .put("model_sha256", digest(model))
                .put("puzzles_sha256", digest(dataset));
    }

    private static String digest(Path file) throws IOException {
        var digest = sha256();
        var chunk = ByteBuffer.allocate(1 << 20);
        try (var channel = InputFile.open(file)) {
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
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
