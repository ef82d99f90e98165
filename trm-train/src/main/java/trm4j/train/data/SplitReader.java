package trm4j.train.data;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import trm4j.train.DatasetException;
import trm4j.train.data.npy.NpyArray;

/**
 * Opens the arrays of a split and checks each.
 *
 * @param arena how long they stay mapped
 */
record SplitReader(Path folder, Arena arena) {

    /** Few enough to be counted, and for one more entry to fit an array. */
    static final int MOST_EXAMPLES = Integer.MAX_VALUE - 16;

    private static final String REMEDY = "copy or make the dataset again.";

    static Path file(Path folder, String field) {
        return folder.resolve(DatasetInfo.SETS.getFirst() + "__" + field + ".npy");
    }

    boolean has(String field) {
        return Files.exists(file(folder, field));
    }

    private NpyArray map(String field) {
        return NpyArray.map(file(folder, field), arena);
    }

    /** A row of tokens per example; besides those of the vocabulary, {@code ignored} is allowed unless null. */
    NpyArray tokens(String field, DatasetInfo info, Integer ignored) {
        var array = map(field);
        var shape = array.shape();
        if (shape.size() != 2 || shape.getLast() != info.seqLen()
                || shape.getFirst() < 1 || shape.getFirst() > MOST_EXAMPLES) {
            throw new DatasetException(array.file() + " has the shape " + shape + ", expected [examples, seq_len = "
                    + info.seqLen() + "] with 1 to " + MOST_EXAMPLES + " examples; " + REMEDY);
        }
        int tokens = info.vocabSize();
        for (long i = array.outside(0, tokens); i < array.size(); i = array.outside(i + 1, tokens)) {
            if (ignored == null || array.get(i) != ignored) {
                throw new DatasetException(array.file() + ", row " + i / info.seqLen() + ": expected tokens below "
                        + "vocab_size = " + tokens + ", found " + array.get(i) + "; " + REMEDY);
            }
        }
        return array;
    }

    /** Where each part starts, and at last where the last ends; no part may be empty. */
    int[] bounds(String field, long end, String whatEnd) {
        var array = list(field);
        if (array.size() < 2 || array.get(0) != 0 || array.get(array.size() - 1) != end) {
            var found = array.size() == 0 ? "no entries" : array.get(0) + " and " + array.get(array.size() - 1);
            throw new DatasetException(array.file() + ": expected to start at 0 and to end at " + end + ", " + whatEnd
                    + ", found " + found + "; " + REMEDY);
        }
        for (long i = 1; i < array.size(); i++) {
            if (array.get(i) <= array.get(i - 1)) {
                throw new DatasetException(array.file() + ", entry " + i + ": expected more than the entry before, "
                        + array.get(i - 1) + ", found " + array.get(i) + "; " + REMEDY);
            }
        }
        return ints(array);
    }

    /** So many numbers, each from {@code least} to {@code most}. */
    int[] list(String field, String whatSize, int size, int least, int most) {
        var array = list(field);
        expect(array, whatSize, size, array.size());
        for (long i = 0; i < size; i++) {
            if (array.get(i) < least || array.get(i) > most) {
                throw new DatasetException(array.file() + ", entry " + i + ": expected " + least + " to " + most
                        + ", found " + array.get(i) + "; " + REMEDY);
            }
        }
        return ints(array);
    }

    private NpyArray list(String field) {
        var array = map(field);
        if (array.shape().size() != 1 || array.size() > MOST_EXAMPLES + 1) {
            throw new DatasetException(array.file() + " has the shape " + array.shape()
                    + ", expected one dimension of at most " + (MOST_EXAMPLES + 1) + " entries; " + REMEDY);
        }
        return array;
    }

    private static int[] ints(NpyArray array) {
        var ints = new int[(int) array.size()];
        array.copy(0, ints, 0, ints.length);
        return ints;
    }

    static void expect(NpyArray array, String what, long expected, long found) {
        if (expected != found) {
            throw new DatasetException(
                    array.file() + ": expected " + what + ", " + expected + ", found " + found + "; " + REMEDY);
        }
    }
}
