package trm4j.train.puzzle;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import trm4j.kernels.UserException;
import trm4j.model.Disguise;
import trm4j.model.Example;
import trm4j.train.DatasetException;

/** A family as it is, but for errors in it, which are told as such: the class that has them may be the user's own. */
record Guarded(PuzzleFamily family) implements PuzzleFamily {

    private <T> T guarded(String method, Supplier<T> call) {
        try {
            return Objects.requireNonNull(call.get(), "null was returned");
        } catch (UserException e) {
            throw e;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw new DatasetException("The puzzle family " + family.getClass().getName() + " failed in " + method + ": "
                    + e + "; mend that class.", e);
        }
    }

    @Override
    public String kind() {
        return guarded("kind", family::kind);
    }

    @Override
    public String cell(int token) {
        return guarded("cell", () -> family.cell(token));
    }

    @Override
    public boolean has(int seqLen, int vocabSize) {
        return guarded("has", () -> family.has(seqLen, vocabSize));
    }

    @Override
    public String plural() {
        return guarded("plural", family::plural);
    }

    @Override
    public Board board(int seqLen) {
        return guarded("board", () -> {
            var board = family.board(seqLen);
            if (seqLen % board.columns() != 0) {
                throw new IllegalStateException(seqLen + " cells do not fill rows of " + board.columns());
            }
            return board;
        });
    }

    @Override
    public String colour(int token) {
        return guarded("colour", () -> Optional.ofNullable(family.colour(token))).orElse(null);
    }

    @Override
    public boolean isGiven(int token) {
        return guarded("isGiven", () -> family.isGiven(token));
    }

    @Override
    public boolean isFiller(int token) {
        return guarded("isFiller", () -> family.isFiller(token));
    }

    @Override
    public List<String> picture(int[] question, int[] tokens, int[] before) {
        return guarded("picture", () -> family.picture(question, tokens, before));
    }

    @Override
    public JsonNode json(int[] question, int[] tokens, String identifier) {
        return guarded("json", () -> family.json(question, tokens, identifier));
    }

    @Override
    public int[] parse(String text, int seqLen, int vocabSize) {
        return guarded("parse", () -> {
            var tokens = family.parse(text, seqLen, vocabSize);
            if (tokens.length != seqLen || Arrays.stream(tokens).anyMatch(token -> token < 0 || token >= vocabSize)) {
                throw new IllegalStateException(
                        "expected " + seqLen + " tokens below " + vocabSize + ", found " + Arrays.toString(tokens));
            }
            return tokens;
        });
    }

    @Override
    public Map<String, Boolean> rules(int[] question, int[] answer) {
        return guarded("rules", () -> Map.copyOf(family.rules(question, answer)));
    }

    @Override
    public Optional<Boolean> hasSeveralAnswers(int[] question) {
        return guarded("hasSeveralAnswers", () -> family.hasSeveralAnswers(question));
    }

    @Override
    public Optional<Example> image(Example puzzle, SplittableRandom random) {
        return guarded("image", () -> family.image(puzzle, random));
    }

    @Override
    public Optional<Example> newPuzzle(int seqLen, int vocabSize, SplittableRandom random) {
        return guarded("newPuzzle", () -> family.newPuzzle(seqLen, vocabSize, random));
    }

    @Override
    public String form(Example puzzle) {
        return guarded("form", () -> family.form(puzzle));
    }

    @Override
    public long invariant(int[] question) {
        return guarded("invariant", () -> family.invariant(question));
    }

    @Override
    public Optional<Disguise> symmetry(int seqLen, int vocabSize, Symmetries sort, SplittableRandom random) {
        return guarded("symmetry", () -> family.symmetry(seqLen, vocabSize, sort, random));
    }

    @Override
    public void importCsv(Path file, Path dir) {
        guarded("importCsv", () -> {
            family.importCsv(file, dir);
            return file;
        });
    }
}
