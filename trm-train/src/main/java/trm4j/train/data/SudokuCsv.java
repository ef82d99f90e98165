package trm4j.train.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CSV file of Sudokus, all of one size, with the columns {@code question}, {@code answer} and {@code rating}, of
 * which only the first must be there. Rows that are no proper puzzle are reported by line and left out.
 */
final class SudokuCsv {

    /** Takes the puzzles of a file, one by one. */
    interface Sink {
        void add(SudokuPuzzle puzzle) throws IOException;
    }

    /** A row, as far as it has been looked at. */
    private sealed interface Row {

        /** Right in all that can be told without solving. */
        record Plausible(long line, byte[] clues, int rating) implements Row {}

        record Proper(SudokuPuzzle puzzle) implements Row {}

        record Improper(long line, String reason) implements Row {}

        record BelowRating() implements Row {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(SudokuCsv.class);
    private static final int MOST_REPORTED = 20;
    private static final int CHUNK = 1024;
    private static final String QUESTION = "question";
    private static final String ANSWER = "answer";
    private static final String RATING = "rating";

    private final Path file;
    private final int minRating;
    private final List<String> columns;
    private final SudokuRules rules;
    private int leftOut;
    private int belowRating;

    /**
     * Looks at the columns of a file and at the size of its first puzzle.
     *
     * @param minRating the least rating of a puzzle that is taken; unrated ones count as 0
     */
    SudokuCsv(Path file, int minRating) {
        this.file = file;
        this.minRating = minRating;
        try (var parser = parser()) {
            var records = parser.iterator();
            this.columns = records.hasNext() ? columns(records.next()) : List.of();
            if (!columns.contains(QUESTION)) {
                throw new DatasetException(file + ": expected a first line that names the column " + QUESTION
                        + ", found " + columns + "; name the columns source,question,answer,rating.");
            }
            if (minRating > 0 && !isRated()) {
                throw new DatasetException(file + ": expected a column " + RATING + " to choose puzzles by, found "
                        + columns + "; add it, or take puzzles of any rating.");
            }
            this.rules = firstSize(records);
        } catch (IOException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
    }

    private CSVParser parser() throws IOException {
        return CSVParser.parse(file, StandardCharsets.UTF_8, CSVFormat.DEFAULT.builder().setTrim(true).get());
    }

    private DatasetException unreadable(IOException cause) {
        return new DatasetException(cause instanceof NoSuchFileException
                ? file + " does not exist, expected a CSV file of Sudokus."
                : file + " cannot be read as UTF-8 CSV (" + cause.getMessage() + "); mend it and try again.", cause);
    }

    private static List<String> columns(CSVRecord header) {
        return header.stream().map(name -> name.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT)).toList();
    }

    private SudokuRules firstSize(Iterator<CSVRecord> records) {
        while (records.hasNext()) {
            var rules = SudokuRules.ofCells(value(records.next(), QUESTION).length());
            if (rules.isPresent()) {
                return rules.get();
            }
        }
        throw new DatasetException(
                file + " has no puzzle: expected questions of 16, 36 or 81 characters, one per cell, found none.");
    }

    private String value(CSVRecord record, String column) {
        int index = columns.indexOf(column);
        return index >= 0 && index < record.size() ? record.get(index) : "";
    }

    Path file() {
        return file;
    }

    SudokuRules rules() {
        return rules;
    }

    boolean isRated() {
        return columns.contains(RATING);
    }

    /** The rows left out so far because they are no proper puzzle. */
    int leftOut() {
        return leftOut;
    }

    int belowRating() {
        return belowRating;
    }

    /** Hands over all proper puzzles, in order. */
    void forEach(Sink sink) throws IOException {
        eachChunk(rows -> {
            for (var row : rows.parallelStream().map(this::solved).toList()) {
                if (accept(row) instanceof Row.Proper(var puzzle)) {
                    sink.add(puzzle);
                }
            }
        });
    }

    /**
     * Some of the puzzles at random, or all if there are not more. Only those that come into question are solved, so
     * that a few can be taken from millions; of the others, not all that are improper are found out.
     */
    List<SudokuPuzzle> sample(int count, SplittableRandom random) throws IOException {
        var sample = new ArrayList<SudokuPuzzle>();
        var seen = new long[1];
        eachChunk(rows -> {
            for (var row : rows) {
                if (!(accept(row) instanceof Row.Plausible)) {
                    continue;
                }
                long place = random.nextLong(seen[0] + 1);
                if (place >= count) {
                    seen[0]++;
                } else if (accept(solved(row)) instanceof Row.Proper(var puzzle)) {
                    seen[0]++;
                    if (sample.size() < count) {
                        sample.add(puzzle);
                    } else {
                        sample.set((int) place, puzzle);
                    }
                }
            }
        });
        return sample;
    }

    private interface ChunkSink {
        void add(List<Row> rows) throws IOException;
    }

    private void eachChunk(ChunkSink sink) throws IOException {
        try (var parser = parser()) {
            var records = parser.iterator();
            records.next();
            while (records.hasNext()) {
                var rows = new ArrayList<Row>(CHUNK);
                while (rows.size() < CHUNK && records.hasNext()) {
                    rows.add(read(parser.getCurrentLineNumber(), records.next()));
                }
                sink.add(rows);
            }
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
        if (leftOut > MOST_REPORTED) {
            LOG.warn("{}: {} more puzzles left out", file, leftOut - MOST_REPORTED);
        }
    }

    /** Counts what is not taken. */
    private Row accept(Row row) {
        switch (row) {
            case Row.Improper(long line, String reason) -> {
                if (++leftOut <= MOST_REPORTED) {
                    LOG.warn("{}:{}: left out: {}", file, line, reason);
                }
            }
            case Row.BelowRating() -> belowRating++;
            case Row.Plausible _, Row.Proper _ -> { }
        }
        return row;
    }

    /** Checks everything that can be told without solving. */
    private Row read(long line, CSVRecord record) {
        int rating = SudokuPuzzle.UNRATED;
        var ratingText = value(record, RATING);
        if (!ratingText.isEmpty()) {
            if (!ratingText.matches("\\d{1,9}")) {
                return new Row.Improper(line, "The rating is '" + ratingText + "', expected a whole number.");
            }
            rating = Integer.parseInt(ratingText);
        }
        if (Math.max(0, rating) < minRating) {
            return new Row.BelowRating();
        }
        try {
            var clues = rules.parse(value(record, QUESTION));
            var answer = value(record, ANSWER);
            if (!answer.isEmpty() && !isSolution(rules.parse(answer), clues)) {
                return new Row.Improper(line, "The answer is not a solution of the puzzle.");
            }
            return new Row.Plausible(line, clues, rating);
        } catch (DatasetException e) {
            return new Row.Improper(line, e.getMessage());
        }
    }

    private boolean isSolution(byte[] grid, byte[] clues) {
        return rules.isValidSolution(grid) && SudokuRules.respectsClues(clues, grid);
    }

    private Row solved(Row row) {
        if (!(row instanceof Row.Plausible(long line, byte[] clues, int rating))) {
            return row;
        }
        var outcome = SudokuSolver.solve(rules, clues);
        return switch (outcome.solutions()) {
            case 0 -> new Row.Improper(line, "The puzzle has no solution.");
            case 1 -> new Row.Proper(new SudokuPuzzle(clues, outcome.solution(), rating));
            default -> new Row.Improper(line, "The puzzle has more than one solution.");
        };
    }
}
