package trm4j.train.data;

import java.io.IOException;
import java.nio.file.Path;
import trm4j.model.file.AtomicFile;
import trm4j.train.DatasetException;
import trm4j.train.data.npy.NpyType;
import trm4j.train.data.npy.NpyWriter;

/** Writes one split of a dataset, example by example, so that it may be larger than memory. */
public final class SplitWriter {

    /** The rating of a puzzle of which nobody knows how hard it is. */
    public static final int UNRATED = -1;

    private final DatasetWriter dataset;
    private final Path folder;
    private final DatasetInfo info;
    private final NpyWriter inputs;
    private final NpyWriter labels;
    private final NpyWriter puzzleIdentifiers;
    private final NpyWriter puzzleIndices;
    private final NpyWriter groupIndices;
    private final NpyWriter ratings;
    private int examples;
    private int puzzles;
    private int groups;

    SplitWriter(DatasetWriter dataset, Path folder, DatasetInfo info, boolean rated) throws IOException {
        this.dataset = dataset;
        this.folder = folder;
        this.info = info;
        int ignored = info.ignoreLabelId() == null ? 0 : info.ignoreLabelId();
        var tokens = Math.max(info.vocabSize() - 1, ignored) <= 255 ? NpyType.U1 : NpyType.I4;
        this.inputs = dataset.matrix(SplitReader.file(folder, "inputs"), tokens, info.seqLen());
        this.labels = dataset.matrix(SplitReader.file(folder, "labels"), tokens, info.seqLen());
        this.puzzleIdentifiers = indices("puzzle_identifiers");
        this.puzzleIndices = indices("puzzle_indices");
        this.groupIndices = indices("group_indices");
        this.ratings = rated ? indices("ratings") : null;
        puzzleIndices.put(0);
        groupIndices.put(0);
    }

    private NpyWriter indices(String field) throws IOException {
        return dataset.vector(SplitReader.file(folder, field), NpyType.I4);
    }

    /**
     * Appends an example to the current puzzle.
     *
     * @param rating how hard it is, or {@link #UNRATED}; not used unless the split is rated
     */
    public void example(int[] inputTokens, int[] labelTokens, int rating) throws IOException {
        if (examples == SplitReader.MOST_EXAMPLES) {
            throw new DatasetException("The dataset " + dataset.dir() + " would have more than " + examples
                    + " examples; ask for fewer puzzles or augmentations.");
        }
        inputs.put(inputTokens);
        labels.put(labelTokens);
        if (ratings != null) {
            ratings.put(rating);
        }
        examples++;
    }

    /** Ends the current puzzle, which has at least one example. */
    public void endPuzzle(int identifier) throws IOException {
        puzzleIdentifiers.put(identifier);
        puzzleIndices.put(examples);
        puzzles++;
    }

    /** Ends the current group, which has at least one puzzle. */
    public void endGroup() throws IOException {
        groupIndices.put(puzzles);
        groups++;
    }

    /** Returns the number of examples so far. */
    public int examples() {
        return examples;
    }

    /** Returns the number of puzzles so far. */
    public int puzzles() {
        return puzzles;
    }

    void finish(int identifiers) throws IOException {
        DatasetWriter.writeJson(
                folder.resolve(PuzzleDataset.INFO), info.counted(identifiers, groups, puzzles, examples));
        AtomicFile.syncFolder(folder);
    }
}
