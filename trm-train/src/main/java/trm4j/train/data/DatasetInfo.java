package trm4j.train.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import trm4j.kernels.UserException;
import trm4j.train.DatasetException;
import trm4j.train.TrmCommand;

/**
 * What {@code dataset.json} says of a split.
 *
 * @param kind what its puzzles are, in a word such as {@code sudoku}, {@code maze}, {@code arc} or one of the caller's
 *     own: 1 to 40 characters of a-z, 0-9, - and _; null where the file does not say
 * @param padId the token of positions and examples that only fill up, in [0, vocabSize)
 * @param ignoreLabelId the label of positions where nothing is asked, or null if there is none
 * @param blankIdentifierId the puzzle identifier of no puzzle, in [0, numPuzzleIdentifiers)
 * @param vocabSize the number of tokens, at least 1
 * @param seqLen the tokens of an example, at least 1
 * @param numPuzzleIdentifiers the rows of the puzzle table, at least 1
 * @param totalGroups the number of groups, at least 1
 * @param meanPuzzleExamples examples per puzzle, on average
 * @param totalPuzzles the number of puzzles; null where the file does not say. The reference counts groups here
 *     for some datasets, so nothing relies on it.
 * @param sets always {@code ["all"]}, the prefix of the files
 * @param labels how its labels were chosen among several right answers; null where the file does not say
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DatasetInfo(
        @JsonInclude(Include.NON_NULL) String kind, int padId, Integer ignoreLabelId, int blankIdentifierId,
        int vocabSize, int seqLen, int numPuzzleIdentifiers, int totalGroups, double meanPuzzleExamples,
        Integer totalPuzzles, List<String> sets, @JsonInclude(Include.NON_NULL) LabelInfo labels) {

    static final List<String> SETS = List.of("all");

    private static final Pattern KIND = Pattern.compile("[a-z0-9_-]{1,40}");

    /** What a kind is, for messages. */
    public static final String KINDS = "a word of 1 to 40 characters from a-z, 0-9, - and _";

    /** Tells whether a word may stand for what puzzles are. */
    public static boolean isKind(String word) {
        return KIND.matcher(word).matches();
    }

    /**
     * Describes a split that is to be written, before anything in it is counted. Token 0 pads, and puzzle
     * identifier 0 is that of no puzzle.
     *
     * @param kind what its puzzles are, or null to leave that open
     * @param ignoreLabelId the label of positions where nothing is asked, or null if there is none
     * @throws DatasetException if the kind is no such word
     */
    public static DatasetInfo uncounted(String kind, Integer ignoreLabelId, int vocabSize, int seqLen) {
        if (kind != null && !isKind(kind)) {
            throw new DatasetException("kind: expected " + KINDS + ", found '" + UserException.shown(kind) + "'.");
        }
        return new DatasetInfo(kind, 0, ignoreLabelId, 0, vocabSize, seqLen, 1, 0, 0, 0, SETS, null);
    }

    /**
     * Reads what a data set's training split says, or its test split where there is no other.
     *
     * @throws DatasetException if there is none, or it is damaged
     */
    public static DatasetInfo of(Path dir) {
        for (var split : Split.values()) {
            var file = dir.resolve(split.toString()).resolve(PuzzleDataset.INFO);
            if (Files.exists(file)) {
                return read(file);
            }
        }
        throw new DatasetException(dir + " has no dataset.json in a folder train or test, expected a dataset; make one "
                + "with " + TrmCommand.line("data") + ".");
    }

    /** Reads and checks {@code dataset.json}; unknown keys are let be, as the reference does. */
    static DatasetInfo read(Path file) {
        var json = JsonFile.read(file);
        int any = Integer.MAX_VALUE;
        int vocabSize = json.integer("vocab_size", 1, any);
        int identifiers = json.integer("num_puzzle_identifiers", 1, any);
        if (!json.strings("sets").equals(SETS)) {
            throw json.wrong("sets", "[\"all\"], the only set that is supported");
        }
        return new DatasetInfo(
                json.has("kind") ? json.word("kind", KIND, KINDS) : null,
                json.integer("pad_id", 0, vocabSize - 1),
                json.integerOrNull("ignore_label_id"),
                json.integer("blank_identifier_id", 0, identifiers - 1),
                vocabSize,
                json.integer("seq_len", 1, any),
                identifiers,
                json.integer("total_groups", 1, any),
                json.positive("mean_puzzle_examples"),
                json.has("total_puzzles") ? json.integer("total_puzzles", 1, any) : null,
                SETS,
                LabelInfo.read(json).orElse(null));
    }

    /** Returns the same, with the totals of what has been written. */
    DatasetInfo counted(int identifiers, int groups, int puzzles, int examples) {
        return new DatasetInfo(kind, padId, ignoreLabelId, blankIdentifierId, vocabSize, seqLen, identifiers, groups,
                (double) examples / puzzles, puzzles, sets, labels);
    }

    /** Returns the same, and how the labels were chosen. */
    public DatasetInfo with(LabelInfo chosen) {
        return new DatasetInfo(kind, padId, ignoreLabelId, blankIdentifierId, vocabSize, seqLen, numPuzzleIdentifiers,
                totalGroups, meanPuzzleExamples, totalPuzzles, sets, chosen);
    }

    /**
     * Returns the training steps that some epochs take, as the reference counts them; an epoch takes one puzzle
     * of each group.
     */
    public long steps(long epochs, int batchSize) {
        return (long) exactSteps(epochs, batchSize);
    }

    /** Returns the training steps that some epochs would take, were there parts of steps. */
    public double exactSteps(long epochs, int batchSize) {
        return epochs * totalGroups * meanPuzzleExamples / batchSize;
    }
}
