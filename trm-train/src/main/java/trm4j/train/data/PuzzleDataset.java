package trm4j.train.data;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import trm4j.model.Batch;

/**
 * One split of a dataset, checked as a whole when it is opened.
 *
 * <p>A split is a list of groups, a group a list of puzzles (a puzzle and its augmentations, say), a puzzle a list
 * of examples. Inputs and labels stay on disk, mapped into memory; the indices are in memory. Any number of
 * threads may read a dataset.
 */
public final class PuzzleDataset implements AutoCloseable {

    static final String IDENTIFIERS = "identifiers.json";
    static final String INFO = "dataset.json";

    static final int MOST_EXAMPLES = Integer.MAX_VALUE - 8;
    private static final String REMEDY = "copy or make the dataset again.";

    private final DatasetInfo info;
    private final List<String> identifiers;
    private final Arena arena;
    private final NpyArray inputs;
    private final NpyArray labels;
    private final int[] puzzleIdentifiers;
    private final int[] puzzleIndices;
    private final int[] groupIndices;
    private final int[] ratings;

    /**
     * Opens {@code dir/split} and reads all of it once.
     *
     * @throws DatasetException if a file is missing, damaged, or at odds with another
     */
    public static PuzzleDataset open(Path dir, Split split) {
        var folder = dir.resolve(split.toString());
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(dir + " has no folder " + split + ", expected a dataset with "
                    + folder.resolve(INFO) + "; make one with 'trm data'.");
        }
        var arena = Arena.ofShared();
        try {
            return new PuzzleDataset(dir, folder, arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private PuzzleDataset(Path dir, Path folder, Arena arena) {
        this.arena = arena;
        this.info = DatasetInfo.read(folder.resolve(INFO));
        this.identifiers = identifiers(dir.resolve(IDENTIFIERS));

        this.inputs = table(folder, "inputs");
        this.labels = table(folder, "labels");
        expect(labels, "as many rows as " + inputs.file().getFileName(), inputs.shape().getFirst(),
                labels.shape().getFirst());

        var puzzles = list(folder, "puzzle_indices");
        this.puzzleIndices = bounds(puzzles, inputs.shape().getFirst(), "the number of examples");
        var groups = list(folder, "group_indices");
        this.groupIndices = bounds(groups, puzzles(), "the number of puzzles");
        expect(groups, "one more entry than total_groups in dataset.json", info.totalGroups() + 1L, groups.size());

        var ofPuzzles = list(folder, "puzzle_identifiers");
        expect(ofPuzzles, "one entry per puzzle", puzzles(), ofPuzzles.size());
        checkRange(ofPuzzles, info.numPuzzleIdentifiers(), null, "as num_puzzle_identifiers in dataset.json says");
        this.puzzleIdentifiers = ints(ofPuzzles);

        double mean = (double) examples() / puzzles();
        if (Math.abs(mean - info.meanPuzzleExamples()) > 0.01 * mean) {
            throw new DatasetException("%s, key mean_puzzle_examples: expected about %s, as puzzle_indices has it, found %s; %s"
                    .formatted(folder.resolve(INFO), mean, info.meanPuzzleExamples(), REMEDY));
        }
        var byVocabulary = "as vocab_size in dataset.json says";
        checkRange(inputs, info.vocabSize(), null, byVocabulary);
        checkRange(labels, info.vocabSize(), info.ignoreLabelId(), byVocabulary);
        this.ratings = Files.exists(file(folder, "ratings")) ? ratings(folder) : null;
    }

    static Path file(Path folder, String field) {
        return folder.resolve(DatasetInfo.SETS.getFirst() + "__" + field + ".npy");
    }

    private List<String> identifiers(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        var json = JsonFile.read(file);
        var names = json.strings();
        if (names.size() != info.numPuzzleIdentifiers()) {
            throw json.wrong("", "num_puzzle_identifiers = " + info.numPuzzleIdentifiers() + " names, one each");
        }
        return names;
    }

    private NpyArray table(Path folder, String field) {
        var array = NpyArray.map(file(folder, field), arena);
        var shape = array.shape();
        if (shape.size() != 2 || shape.getLast() != info.seqLen()
                || shape.getFirst() < 1 || shape.getFirst() > MOST_EXAMPLES) {
            throw new DatasetException(array.file() + " has the shape " + shape + ", expected [examples, seq_len = "
                    + info.seqLen() + "] with 1 to " + MOST_EXAMPLES + " examples; " + REMEDY);
        }
        return array;
    }

    private NpyArray list(Path folder, String field) {
        var array = NpyArray.map(file(folder, field), arena);
        if (array.shape().size() != 1 || array.size() > MOST_EXAMPLES + 1) {
            throw new DatasetException(array.file() + " has the shape " + array.shape()
                    + ", expected one dimension of at most " + (MOST_EXAMPLES + 1) + " entries; " + REMEDY);
        }
        return array;
    }

    private static void expect(NpyArray array, String what, long expected, long found) {
        if (expected != found) {
            throw new DatasetException(
                    array.file() + ": expected " + what + ", " + expected + ", found " + found + "; " + REMEDY);
        }
    }

    /** Where each part starts, and at last where the last ends; no part may be empty. */
    private static int[] bounds(NpyArray array, long end, String whatEnd) {
        if (array.size() < 2 || array.get(0) != 0 || array.get(array.size() - 1) != end) {
            throw new DatasetException(array.file() + ": expected to start at 0 and to end at " + end + ", " + whatEnd
                    + ", found " + (array.size() == 0 ? "no entries" : array.get(0) + " and "
                            + array.get(array.size() - 1)) + "; " + REMEDY);
        }
        for (long i = 1; i < array.size(); i++) {
            if (array.get(i) <= array.get(i - 1)) {
                throw new DatasetException(array.file() + ", entry " + i + ": expected more than the entry before, "
                        + array.get(i - 1) + ", found " + array.get(i) + "; " + REMEDY);
            }
        }
        return ints(array);
    }

    private static void checkRange(NpyArray array, int end, Integer alsoAllowed, String why) {
        for (long i = 0; i < array.size(); i++) {
            long value = array.get(i);
            if ((value < 0 || value >= end) && (alsoAllowed == null || value != alsoAllowed)) {
                throw new DatasetException(array.file() + ", row " + i / (array.size() / array.shape().getFirst())
                        + ": expected 0 to " + (end - 1) + " " + why + ", found " + value + "; " + REMEDY);
            }
        }
    }

    private int[] ratings(Path folder) {
        var array = list(folder, "ratings");
        expect(array, "one entry per example", examples(), array.size());
        checkRange(array, Integer.MAX_VALUE, -1, "as a number of guesses, or -1");
        return ints(array);
    }

    private static int[] ints(NpyArray array) {
        var ints = new int[(int) array.size()];
        array.copy(0, ints, 0, ints.length);
        return ints;
    }

    public DatasetInfo info() {
        return info;
    }

    /** The names of the puzzle identifiers, in order; empty if the dataset does not name them. */
    public List<String> identifiers() {
        return identifiers;
    }

    public int groups() {
        return groupIndices.length - 1;
    }

    public int puzzles() {
        return puzzleIndices.length - 1;
    }

    public int examples() {
        return puzzleIndices[puzzles()];
    }

    /** How hard each example is, in guesses of a backtracking solver, or -1 where that is not known. */
    public Optional<int[]> ratings() {
        return Optional.ofNullable(ratings).map(int[]::clone);
    }

    /** The first puzzle of a group; that of the group after the last is the number of puzzles. */
    int firstPuzzle(int group) {
        return groupIndices[group];
    }

    /** The first example of a puzzle; that of the puzzle after the last is the number of examples. */
    int firstExample(int puzzle) {
        return puzzleIndices[puzzle];
    }

    /** The puzzle that an example belongs to. */
    int puzzleOf(int example) {
        int found = Arrays.binarySearch(puzzleIndices, example);
        return found >= 0 ? found : -found - 2;
    }

    /** Some examples as a batch of {@code size}, filled up with padding that has no labels. */
    Batch batch(int[] examples, int size) {
        int length = info.seqLen();
        var batch = new Batch(new int[size * length], new int[size * length], new int[size]);
        for (int i = 0; i < examples.length; i++) {
            inputs.copy((long) examples[i] * length, batch.inputs(), i * length, length);
            labels.copy((long) examples[i] * length, batch.labels(), i * length, length);
            batch.puzzleIdentifiers()[i] = puzzleIdentifiers[puzzleOf(examples[i])];
        }
        int filled = examples.length * length;
        Arrays.fill(batch.inputs(), filled, size * length, info.padId());
        Arrays.fill(batch.labels(), filled, size * length, Batch.NO_LABEL);
        Arrays.fill(batch.puzzleIdentifiers(), examples.length, size, info.blankIdentifierId());
        if (info.ignoreLabelId() != null) {
            int ignored = info.ignoreLabelId();
            Arrays.setAll(batch.labels(), i -> batch.labels()[i] == ignored ? Batch.NO_LABEL : batch.labels()[i]);
        }
        return batch;
    }

    @Override
    public void close() {
        arena.close();
    }
}
