package trm4j.train.data;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import trm4j.train.DatasetException;

/**
 * What {@code dataset.json} says of a split.
 *
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
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DatasetInfo(
        int padId, Integer ignoreLabelId, int blankIdentifierId, int vocabSize, int seqLen, int numPuzzleIdentifiers,
        int totalGroups, double meanPuzzleExamples, Integer totalPuzzles, List<String> sets) {

    public static final List<String> SETS = List.of("all");

    /**
     * What a data set's training split says, or its test split where there is no other.
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
                + "with 'trm data'.");
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
                json.integer("pad_id", 0, vocabSize - 1),
                json.integerOrNull("ignore_label_id"),
                json.integer("blank_identifier_id", 0, identifiers - 1),
                vocabSize,
                json.integer("seq_len", 1, any),
                identifiers,
                json.integer("total_groups", 1, any),
                json.positive("mean_puzzle_examples"),
                json.has("total_puzzles") ? json.integer("total_puzzles", 1, any) : null,
                SETS);
    }

    /** The same, with the totals of what has been written. */
    DatasetInfo counted(int identifiers, int groups, int puzzles, int examples) {
        return new DatasetInfo(padId, ignoreLabelId, blankIdentifierId, vocabSize, seqLen, identifiers,
                groups, (double) examples / puzzles, puzzles, sets);
    }

    /** The training steps that some epochs take, as the reference counts them; an epoch takes one puzzle per group. */
    public long steps(long epochs, int batchSize) {
        return (long) (epochs * totalGroups * meanPuzzleExamples / batchSize);
    }
}
