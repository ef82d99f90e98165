package trm4j.train.data.csv;

import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of puzzles in CSV files.
 *
 * @param name what they are called, several of them
 * @param questions what a question is to look like
 * @param sized how to read puzzles as large as the one with this question; empty if there are none
 */
public record CsvKind<P>(String name, String questions, Function<String, Optional<CsvPuzzles<P>>> sized) {}
