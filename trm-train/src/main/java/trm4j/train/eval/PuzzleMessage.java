package trm4j.train.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.model.ranks.RanksException;

/**
 * What ranks that solve puzzles together tell each other: a word, and lines.
 *
 * @param lines of predictions as {@code predictions.jsonl} has them, or numbers of puzzles
 */
record PuzzleMessage(Word word, List<String> lines) {

    private static final ObjectMapper JSON = new ObjectMapper();

    enum Word {
        /** To rank 0: puzzles are asked for, as many as the line says at most. */
        ASK,
        /** To rank 0: puzzles were solved. */
        SOLVED,
        /** Both ways: leave off. */
        STOP,
        /** To rank 0: nothing else comes; and its answer. */
        END,
        /** From rank 0: solve these; none if none are left. */
        TAKE
    }

    static PuzzleMessage of(Word word) {
        return new PuzzleMessage(word, List.of());
    }

    static PuzzleMessage ask(int most) {
        return new PuzzleMessage(Word.ASK, List.of(String.valueOf(most)));
    }

    static PuzzleMessage take(IntStream puzzles) {
        return new PuzzleMessage(Word.TAKE, puzzles.mapToObj(String::valueOf).toList());
    }

    static PuzzleMessage solved(List<Prediction> predictions) {
        return new PuzzleMessage(Word.SOLVED, predictions.stream().map(each -> each.json().toString()).toList());
    }

    IntStream numbers() {
        return lines.stream().mapToInt(Integer::parseInt);
    }

    Stream<Prediction> predictions() {
        return lines.stream().map(line -> Prediction.of(json(line)));
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new RanksException("A message of another rank is no prediction: " + e.getOriginalMessage(), e);
        }
    }

    byte[] bytes() {
        return Stream.concat(Stream.of(word.name()), lines.stream())
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    static PuzzleMessage of(byte[] bytes) {
        var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        return new PuzzleMessage(Word.valueOf(lines.getFirst()), lines.subList(1, lines.size()));
    }
}
