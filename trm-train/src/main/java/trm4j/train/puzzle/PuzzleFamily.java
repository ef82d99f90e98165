package trm4j.train.puzzle;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import trm4j.model.Disguise;
import trm4j.model.Example;
import trm4j.train.EvaluationException;

/**
 * What puzzles of one kind are: how to write and read them, what their rules say of an answer, and which are the same
 * but for a symmetry. The kind's word stands in {@code dataset.json}; {@link PuzzleFamilies} finds the family by it.
 *
 * <p>A family of one's own says its kind and the text of a cell, and as much of the rest as is known of it. Its class is
 * public, has a public constructor without parameters, and is named in
 * {@code META-INF/services/trm4j.train.puzzle.PuzzleFamily} on the class path. Sudokus, mazes and ARC tasks are
 * families like any other.
 *
 * <p>A family has no state, and may be asked by several threads. Tokens that it is given, L of them, are from 0 to
 * V - 1; those of an answer may be any of these, as models err.
 */
public interface PuzzleFamily {

    /** Returns its word in {@code dataset.json}: 1 to 40 characters of a-z, 0-9, - and _. */
    String kind();

    /** Returns the text of a cell with some token, best a single character; a dot shows as nothing in a report. */
    String cell(int token);

    /** Tells whether there are puzzles of L tokens ({@code seqLen}) out of V ({@code vocabSize}). */
    default boolean has(int seqLen, int vocabSize) {
        return true;
    }

    /** Returns what such puzzles are called, several of them. */
    default String plural() {
        return kind() + " puzzles";
    }

    /** Returns how the cells lie in a picture. */
    default Board board(int seqLen) {
        return Board.of(seqLen);
    }

    /** Returns the colour that a report fills a cell with in place of its text, as {@code #rrggbb}; or null. */
    default String colour(int token) {
        return null;
    }

    /** Tells whether a cell of a question that has this token keeps it in the answer, as the clues of a Sudoku. */
    default boolean isGiven(int token) {
        return false;
    }

    /** Tells whether a token only fills up what is larger than the puzzle; pictures end where there is nothing else. */
    default boolean isFiller(int token) {
        return false;
    }

    /**
     * Draws a question or an answer for a terminal: unless a family does it in another way, cell by cell, changed ones
     * in brackets.
     *
     * @param question what it is the answer of, or itself
     * @param before what was drawn before it, or itself for nothing changed
     * @return the picture's lines
     */
    default List<String> picture(int[] question, int[] tokens, int[] before) {
        return new Picture(this, question).of(tokens, before);
    }

    /**
     * Writes a question or an answer for programs, as {@code predictions.jsonl} has it: unless a family does it in
     * another way, a string of the cells' texts with spaces between them.
     *
     * @param question what it is the answer of, or itself
     * @param identifier the name of the puzzle's identifier, or null for none
     */
    default JsonNode json(int[] question, int[] tokens, String identifier) {
        return CellTexts.json(this, tokens);
    }

    /**
     * Reads a question as people and programs write it: unless a family does it in another way, cells' texts with
     * spaces, commas or brackets between them, or just one character after the other.
     *
     * @return L tokens, each in [0, V)
     * @throws trm4j.train.DatasetException if the text is no such question; the message says what was expected
     */
    default int[] parse(String text, int seqLen, int vocabSize) {
        return new CellTexts(this, seqLen, vocabSize).parse(text);
    }

    /** Tells by name which rules an answer keeps, whatever the label; empty where there are none to tell by. */
    default Map<String, Boolean> rules(int[] question, int[] answer) {
        return Map.of();
    }

    /**
     * Tells whether several answers of a question are right, of which the label can only be one. Nothing where that is
     * not known.
     */
    default Optional<Boolean> hasSeveralAnswers(int[] question) {
        return Optional.empty();
    }

    /**
     * Returns a puzzle that is the same but for a symmetry drawn at random, its answer too.
     *
     * @param puzzle its labels may be {@link trm4j.model.Batch#NO_LABEL}
     * @return nothing where no symmetries are known
     */
    default Optional<Example> image(Example puzzle, SplittableRandom random) {
        return Optional.empty();
    }

    /**
     * Returns a new puzzle with its answer, drawn at random, as one may offer to somebody who has none at hand.
     *
     * @param seqLen L of the puzzle, {@code vocabSize} its V
     * @return nothing where none are made
     */
    default Optional<Example> newPuzzle(int seqLen, int vocabSize, SplittableRandom random) {
        return Optional.empty();
    }

    /**
     * Returns what a puzzle and its images have in common, and no other puzzle has, such as the least of them all: by
     * this, test puzzles are found among training puzzles. Where no symmetries are known, it is the question itself.
     *
     * @param puzzle its labels may be {@link trm4j.model.Batch#NO_LABEL}; what they are makes no difference, but a
     *     solution may help to find the form
     */
    default String form(Example puzzle) {
        var form = new StringBuilder(2 * puzzle.inputs().length);
        for (int token : puzzle.inputs()) {
            form.append((char) (token >>> 16)).append((char) token);
        }
        return form.toString();
    }

    /**
     * Returns a number that a question and its images have in common. Where finding a form takes long, a number that is
     * found at once, and rarely is that of others, saves most of the work.
     *
     * @param question L tokens
     */
    default long invariant(int[] question) {
        return 0;
    }

    /**
     * Returns a symmetry drawn at random, with the way back: answers to an image are turned back by it, where {@link
     * #image} only makes more puzzles. It may be the one that changes nothing.
     *
     * @param seqLen L of the puzzles that it is for, {@code vocabSize} their V
     * @return nothing where none of the sort are known
     */
    default Optional<Disguise> symmetry(int seqLen, int vocabSize, Symmetries sort, SplittableRandom random) {
        return Optional.empty();
    }

    /**
     * Makes a data set of test puzzles from a CSV file.
     *
     * @throws trm4j.train.DatasetException if it cannot be read, or there is something in the folder
     * @throws EvaluationException if such puzzles are not read from CSV files
     */
    default void importCsv(Path file, Path dir) {
        throw new EvaluationException(file + " is a file, expected a folder with a data set: " + plural()
                + " are not read from CSV files.");
    }
}
