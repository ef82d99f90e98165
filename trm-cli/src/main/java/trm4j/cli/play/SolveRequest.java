package trm4j.cli.play;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import trm4j.kernels.UserException;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.JsonProblem;
import trm4j.train.DatasetException;
import trm4j.train.eval.Tries;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.ModelPuzzles.Question;

/**
 * What {@code POST /solve} asks for.
 *
 * @param steps supervision steps of a try at most
 * @param halt whether a puzzle is done as soon as the model says so
 * @param trace whether each step's answer is told
 * @param tries how each puzzle is tried
 */
record SolveRequest(List<Question> questions, int steps, boolean halt, boolean trace, Tries tries) {

    static final int MOST_BYTES = 1 << 20;
    static final int MOST_PUZZLES = 64;
    /** Of all tries of a puzzle together. */
    static final int MOST_STEPS = 1024;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final Set<String> PUZZLES = Set.of("puzzle", "puzzles", "tokens", "example");
    private static final Set<String> OPTIONS = Set.of("steps", "halt", "trace");

    /**
     * Reads a request.
     *
     * @param examples that may be asked for by number, from 0
     * @throws DatasetException if it is none; the sentence says what was expected and found
     */
    static SolveRequest read(byte[] body, ModelPuzzles puzzles, List<Example> examples) {
        var json = json(body);
        var keys = new TreeSet<String>();
        json.fieldNames().forEachRemaining(keys::add);
        var named = keys.stream().filter(PUZZLES::contains).toList();
        keys.removeAll(PUZZLES);
        keys.removeAll(OPTIONS);
        keys.removeAll(TriesRequest.KEYS);
        require(named.size() == 1 && keys.isEmpty(), "",
                "one of puzzle, puzzles, tokens and example, and perhaps steps, halt, trace, rollouts, noise, chains, "
                        + "select and seed",
                UserException.shown(json.toString()));
        var config = puzzles.config();
        var tries = TriesRequest.read(json);
        int count = tries.rollouts().count();
        int most = MOST_STEPS / count;
        int steps = integer(json, "steps", Math.min(config.haltMaxSteps(), most), 1, most);
        var questions = switch (named.getFirst()) {
            case "puzzle" -> texts(List.of(json.get("puzzle")), puzzles);
            case "puzzles" -> texts(list(json.get("puzzles"), "puzzles"), puzzles);
            case "tokens" -> List.of(new Question("", tokens(json.get("tokens"), config), Optional.empty()));
            default -> List.of(new Question("", example(json, examples), Optional.empty()));
        };
        require(questions.size() <= MOST_PUZZLES, "puzzles", "at most " + MOST_PUZZLES, questions.size());
        return new SolveRequest(questions, steps, flag(json, "halt"), flag(json, "trace"), tries);
    }

    private static JsonNode json(byte[] body) {
        try {
            var json = JSON.readTree(body);
            require(json != null && json.isObject(), "", "a JSON object such as {\"puzzle\": \"...\"}",
                    json == null ? "nothing" : UserException.shown(json.toString()));
            return json;
        } catch (JsonProcessingException e) {
            throw new DatasetException("Expected a JSON object such as {\"puzzle\": \"...\"}, found what is no JSON"
                    + JsonProblem.place(e) + ".", e);
        } catch (IOException e) {
            throw new DatasetException("Expected a JSON object, found bytes that are none.", e);
        }
    }

    private static List<Question> texts(List<JsonNode> texts, ModelPuzzles puzzles) {
        var questions = new ArrayList<Question>();
        for (int i = 0; i < texts.size(); i++) {
            var where = texts.size() == 1 ? "puzzle" : "puzzle " + (i + 1);
            // Grids and tasks of ARC may stand there as they are.
            var text = texts.get(i).isContainerNode() ? texts.get(i).toString() : texts.get(i).textValue();
            require(text != null, where, "a text", UserException.shown(texts.get(i).toString()));
            questions.addAll(puzzles.read(where, "of the request", text));
        }
        return questions;
    }

    private static List<JsonNode> list(JsonNode node, String key) {
        require(node.isArray() && !node.isEmpty(), key, "a list of texts", UserException.shown(node.toString()));
        var list = new ArrayList<JsonNode>();
        node.forEach(list::add);
        return list;
    }

    private static Example tokens(JsonNode node, TrmConfig config) {
        int length = config.seqLen();
        var tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = node.isArray() && node.size() == length && node.get(i).isInt() ? node.get(i).intValue() : -1;
            require(tokens[i] >= 0 && tokens[i] < config.vocabSize(), "tokens",
                    length + " numbers from 0 to " + (config.vocabSize() - 1), UserException.shown(node.toString()));
        }
        var labels = new int[length];
        Arrays.fill(labels, Batch.NO_LABEL);
        return new Example(tokens, labels, 0);
    }

    private static Example example(JsonNode json, List<Example> examples) {
        require(!examples.isEmpty(), "example", "another key, as there are none for this model", "example");
        return examples.get(integer(json, "example", 0, 0, examples.size() - 1));
    }

    private static int integer(JsonNode json, String key, int missing, int least, int most) {
        var node = json.path(key);
        if (node.isMissingNode()) {
            return missing;
        }
        require(node.isInt() && node.intValue() >= least && node.intValue() <= most, key,
                "a whole number from " + least + " to " + most, UserException.shown(node.toString()));
        return node.intValue();
    }

    private static boolean flag(JsonNode json, String key) {
        var node = json.path(key);
        require(node.isMissingNode() || node.isBoolean(), key, "true or false", UserException.shown(node.toString()));
        return node.asBoolean();
    }

    private static void require(boolean right, String key, String expected, Object found) {
        if (!right) {
            throw new DatasetException((key.isEmpty() ? "Expected " : key + ": expected ") + expected + ", found "
                    + found + ".");
        }
    }
}
