package trm4j.train.data.csv;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads rows of a CSV file as puzzles of one kind and size.
 *
 * @param <P> the puzzles
 */
public interface CsvPuzzles<P> {

    /**
     * A kind of puzzles in CSV files.
     *
     * @param name what they are called, several of them
     * @param questions what a question is to look like
     * @param sized how to read puzzles as large as the one with this question; empty if there are none
     */
    record Kind<P>(String name, String questions, Function<String, Optional<CsvPuzzles<P>>> sized) {}

    /** Returns the rows of a puzzle, which are as many as its columns. */
    int size();

    /**
     * Checks all of a row that is quick to check.
     *
     * @param answer empty if it is not known
     * @param rating -1 if it is not known
     * @return what does the rest of the work; as this does, it throws a {@link trm4j.train.DatasetException} that says
     *     why the row is no proper puzzle
     */
    Supplier<P> read(String question, String answer, int rating);
}
