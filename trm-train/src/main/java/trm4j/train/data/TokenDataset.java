package trm4j.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * Makes data sets of puzzles of any kind, told in tokens.
 *
 * <p>What the tokens mean is the caller's affair: a {@link PuzzleFamily} says it. Puzzles of a kind that no family is
 * of are written as tokens and judged by their labels. Where a data set leaves its kind open, its sizes decide: L = 16,
 * 36 or 81 with 6, 8 or 11 tokens are taken for Sudokus, a square of 25 or more with 6 for mazes, and 900 with 12 for
 * ARC tasks.
 */
public final class TokenDataset {

    private final int vocabSize;
    private final int length;
    private final int identifiers;
    private final DatasetInfo info;

    private TokenDataset(String kind, int vocabSize, List<Example> train, List<Example> test) {
        require(vocabSize >= 1, "vocabSize: expected at least 1, found " + vocabSize);
        var first = Stream.concat(train.stream(), test.stream()).findFirst().orElseThrow(
                () -> new DatasetException("Expected at least one example to train or to test on, found none."));
        this.vocabSize = vocabSize;
        length = first.inputs().length;
        require(length >= 1, "Expected examples of at least one token, found none in the first.");
        check("training", train);
        check("test", test);
        identifiers = 1 + Stream.concat(train.stream(), test.stream())
                .mapToInt(Example::puzzleIdentifier).max().orElseThrow();
        boolean someUnasked = Stream.concat(train.stream(), test.stream())
                .anyMatch(example -> Arrays.stream(example.labels()).anyMatch(label -> label == Batch.NO_LABEL));
        info = DatasetInfo.uncounted(kind, someUnasked ? vocabSize : null, vocabSize, length);
    }

    /**
     * Makes the data set {@code dir} and leaves open what its puzzles are; else as {@link
     * #write(Path, String, int, List, List, boolean)}.
     */
    public static void write(Path dir, int vocabSize, List<Example> train, List<Example> test, boolean replace) {
        write(dir, new TokenDataset(null, vocabSize, train, test), train, test, replace);
    }

    /**
     * Makes the data set {@code dir}, or nothing at all. Each example becomes a group of its own, so that an epoch
     * takes all of them.
     *
     * @param kind what the puzzles are, in a word: 1 to 40 characters of a-z, 0-9, - and _
     * @param vocabSize the number of tokens, V, at least 1
     * @param train to train on: inputs [L], each in [0, V); labels [L], each in [0, V) or {@link Batch#NO_LABEL};
     *     puzzle identifiers of at least 0, where 0 is for puzzles that have nothing of their own to learn; there are
     *     as many rows in the puzzle table as the largest asks for
     * @param test to test on, the same
     * @param replace whether a data set that is there already may be replaced
     * @throws DatasetException if the kind or an example is not like that, if lengths differ, if there is no example,
     *     if there is something else in {@code dir}, or if it cannot be written
     */
    public static void write(
            Path dir, String kind, int vocabSize, List<Example> train, List<Example> test, boolean replace) {
        write(dir, new TokenDataset(Objects.requireNonNull(kind), vocabSize, train, test), train, test, replace);
    }

    /**
     * Makes the data set {@code dir} of a family's puzzles; else as {@link
     * #write(Path, String, int, List, List, boolean)}.
     *
     * @param augment so many symmetric images of each training puzzle, as the family draws them, are in its group too,
     *     or fewer where there are not as many different ones; an epoch takes one puzzle of each group
     * @param seed settles which images
     * @throws DatasetException as there, and if the family has no puzzles of such sizes or, with {@code augment} above
     *     0, no symmetries
     */
    public static void write(
            Path dir, PuzzleFamily family, int vocabSize, List<Example> train, List<Example> test, int augment,
            long seed, boolean replace) {
        var dataset = new TokenDataset(Objects.requireNonNull(family.kind()), vocabSize, train, test);
        require(family.has(dataset.length, vocabSize), "There are no %s of %d tokens out of %d."
                .formatted(family.plural(), dataset.length, vocabSize));
        require(augment >= 0, "augment: expected at least 0, found " + augment);
        var images = new SymmetricImages(family, augment, seed);
        write(dir, dataset, train, test, replace, example -> {
            var copies = images.of(example);
            dataset.check("image", copies);
            return copies;
        });
    }

    private static void write(
            Path dir, TokenDataset dataset, List<Example> train, List<Example> test, boolean replace) {
        write(dir, dataset, train, test, replace, _ -> List.of());
    }

    private static void write(
            Path dir, TokenDataset dataset, List<Example> train, List<Example> test, boolean replace,
            Function<Example, List<Example>> images) {
        try (var writer = DatasetWriter.create(dir, replace)) {
            dataset.write(writer, Split.TRAIN, train, images);
            dataset.write(writer, Split.TEST, test, _ -> List.of());
            writer.commit(IntStream.range(0, dataset.identifiers)
                    .mapToObj(i -> i == 0 ? "<blank>" : Integer.toString(i)).toList());
        } catch (IOException e) {
            throw DatasetWriter.failed(dir, e);
        }
    }

    private void check(String what, List<Example> examples) {
        for (int i = 0; i < examples.size(); i++) {
            var example = examples.get(i);
            var where = "%s example %d (the first is 0): expected ".formatted(what, i);
            require(example.inputs().length == length,
                    where + length + " tokens, as in the first of all, found " + example.inputs().length);
            require(example.puzzleIdentifier() >= 0 && example.puzzleIdentifier() < Integer.MAX_VALUE,
                    where + "a puzzle identifier of at least 0, found " + example.puzzleIdentifier());
            for (int at = 0; at < length; at++) {
                int input = example.inputs()[at];
                int label = example.labels()[at];
                require(isToken(input), where + "inputs from 0 to %d, found %d at %d"
                        .formatted(vocabSize - 1, input, at));
                require(isToken(label) || label == Batch.NO_LABEL,
                        where + "labels from 0 to %d, or %d where nothing is asked, found %d at %d"
                                .formatted(vocabSize - 1, Batch.NO_LABEL, label, at));
            }
        }
    }

    private boolean isToken(int token) {
        return token >= 0 && token < vocabSize;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new DatasetException(message);
        }
    }

    /** Each example's group has its images too. */
    private void write(
            DatasetWriter dataset, Split split, List<Example> examples, Function<Example, List<Example>> images)
            throws IOException {
        if (examples.isEmpty()) {
            return;
        }
        var writer = dataset.split(split, info, false);
        for (var example : examples) {
            write(writer, example);
            for (var image : images.apply(example)) {
                write(writer, image);
            }
            writer.endGroup();
        }
    }

    private void write(SplitWriter writer, Example example) throws IOException {
        var labels = Arrays.stream(example.labels())
                .map(label -> label == Batch.NO_LABEL ? vocabSize : label).toArray();
        writer.example(example.inputs(), labels, SplitWriter.UNRATED);
        writer.endPuzzle(example.puzzleIdentifier());
    }
}
