package trm4j.train.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.TrmCommand;
import trm4j.train.data.npy.NpyArray;

/**
 * One split of a dataset, checked as a whole when it is opened.
 *
 * <p>A split is a list of groups, a group a list of puzzles (a puzzle and its augmentations, say), a puzzle a list
 * of examples. Inputs and labels stay on disk, mapped into memory; the indices are in memory. Any number of
 * threads may read a dataset.
 */
public final class PuzzleDataset implements AutoCloseable {

    public static final String IDENTIFIERS = "identifiers.json";
    static final String INFO = "dataset.json";

    private final Path folder;
    private final Split split;
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
                    + folder.resolve(INFO) + "; make one with " + TrmCommand.line("data") + ".");
        }
        var arena = Arena.ofShared();
        try {
            return new PuzzleDataset(dir, split, folder, arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private PuzzleDataset(Path folder, Split split, Path splitFolder, Arena arena) {
        this.folder = folder;
        this.split = split;
        this.arena = arena;
        this.info = DatasetInfo.read(splitFolder.resolve(INFO));
        this.identifiers = identifiers(folder.resolve(IDENTIFIERS));

        var files = new SplitReader(splitFolder, arena);
        this.inputs = files.tokens("inputs", info, null);
        this.labels = files.tokens("labels", info, info.ignoreLabelId());
        long rows = inputs.shape().getFirst();
        SplitReader.expect(labels, "as many rows as all__inputs.npy", rows, labels.shape().getFirst());

        this.puzzleIndices = files.bounds("puzzle_indices", rows, "the number of examples");
        this.groupIndices = files.bounds("group_indices", puzzles(), "the number of puzzles");
        this.puzzleIdentifiers = files.list("puzzle_identifiers", "one entry per puzzle", puzzles(),
                0, info.numPuzzleIdentifiers() - 1);
        this.ratings = files.has("ratings")
                ? files.list("ratings", "one entry per example", examples(), -1, Integer.MAX_VALUE)
                : null;
        checkTotals(splitFolder.resolve(INFO));
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

    private void checkTotals(Path file) {
        var json = JsonFile.read(file);
        if (info.totalGroups() != groups()) {
            throw json.wrong("total_groups", groups() + ", as all__group_indices.npy has it");
        }
        double mean = (double) examples() / puzzles();
        if (Math.abs(mean - info.meanPuzzleExamples()) > 0.01 * mean) {
            throw json.wrong("mean_puzzle_examples", "about " + mean + ", as all__puzzle_indices.npy has it");
        }
    }

    /** Returns the data set's folder, in which the split's folder is. */
    public Path folder() {
        return folder;
    }

    /** Returns which of the data set's splits this is. */
    public Split split() {
        return split;
    }

    /**
     * Returns what tells the questions and answers of a data set's split from others': two that have the same were
     * written alike.
     *
     * @throws IOException if their files cannot be read
     */
    public static String fingerprint(Path dir, Split split) throws IOException {
        var folder = dir.resolve(split.toString());
        return fingerprint(
                FileChecksum.of(SplitReader.file(folder, "inputs")),
                FileChecksum.of(SplitReader.file(folder, "labels")));
    }

    /** Returns the same of the checksums of the two files, {@code all__inputs.npy} and {@code all__labels.npy}. */
    public static String fingerprint(FileChecksum inputs, FileChecksum labels) {
        return inputs.crc32c() + "-" + labels.crc32c();
    }

    /** Returns what {@code dataset.json} says of the split. */
    public DatasetInfo info() {
        return info;
    }

    /** Returns the names of the puzzle identifiers, in order; empty if the dataset does not name them. */
    public List<String> identifiers() {
        return identifiers;
    }

    /** Returns the name of a puzzle identifier; nothing if it has none, or is that of no puzzle. */
    public Optional<String> name(int identifier) {
        return identifiers().isEmpty() || identifier == info().blankIdentifierId()
                ? Optional.empty()
                : Optional.of(identifiers().get(identifier));
    }

    /** Returns the identifier of a puzzle. */
    public int identifier(int puzzle) {
        return puzzleIdentifiers[puzzle];
    }

    /** Returns the number of groups. */
    public int groups() {
        return groupIndices.length - 1;
    }

    /** Returns the number of puzzles in all groups. */
    public int puzzles() {
        return puzzleIndices.length - 1;
    }

    /** Returns the number of examples of all puzzles. */
    public int examples() {
        return puzzleIndices[puzzles()];
    }

    /**
     * Returns how hard each example is, or -1 where that is not known: a Sudoku in guesses of a backtracking solver, a
     * maze in steps of its shortest path, unless a file said otherwise.
     */
    public Optional<int[]> ratings() {
        return Optional.ofNullable(ratings).map(int[]::clone);
    }

    /** Returns the first puzzle of a group; that of the group after the last is the number of puzzles. */
    public int firstPuzzle(int group) {
        return groupIndices[group];
    }

    /** Returns the first example of a puzzle; that of the puzzle after the last is the number of examples. */
    public int firstExample(int puzzle) {
        return puzzleIndices[puzzle];
    }

    /** Returns the puzzle that an example belongs to. */
    int puzzleOf(int example) {
        int found = Arrays.binarySearch(puzzleIndices, example);
        return found >= 0 ? found : -found - 2;
    }

    /** Reads one example; where it has no label, that is {@link Batch#NO_LABEL}. */
    public Example example(int number) {
        var batch = batch(new int[] {number});
        return new Example(batch.inputs(), batch.labels(), batch.puzzleIdentifiers()[0]);
    }

    /** Reads some examples. */
    Batch batch(int[] examples) {
        var batch = emptyBatch(examples.length);
        fill(batch, 0, examples);
        return batch;
    }

    /** Makes room for some examples. */
    Batch emptyBatch(int size) {
        int tokens = Math.multiplyExact(size, info.seqLen());
        return new Batch(new int[tokens], new int[tokens], new int[size]);
    }

    /** Fills a batch with some of the examples, those from a place on. */
    void fill(Batch batch, int from, int[] examples) {
        int length = info.seqLen();
        for (int i = 0; i < batch.puzzleIdentifiers().length; i++) {
            int example = examples[from + i];
            inputs.copy((long) example * length, batch.inputs(), i * length, length);
            labels.copy((long) example * length, batch.labels(), i * length, length);
            batch.puzzleIdentifiers()[i] = puzzleIdentifiers[puzzleOf(example)];
        }
        if (info.ignoreLabelId() != null) {
            int ignored = info.ignoreLabelId();
            var labels = batch.labels();
            for (int i = 0; i < labels.length; i++) {
                labels[i] = labels[i] == ignored ? Batch.NO_LABEL : labels[i];
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
