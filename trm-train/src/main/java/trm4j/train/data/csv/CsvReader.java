package trm4j.train.data.csv;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trm4j.kernels.UserException;
import trm4j.train.DatasetException;
import trm4j.train.Plural;
import trm4j.train.data.DataProgress;
import trm4j.train.data.SplitWriter;

/**
 * Reads a CSV or Parquet file of puzzles, all of one size, with the columns {@code question}, {@code answer} and
 * {@code rating}, of which only the first must be there. Rows that are no proper puzzle are left out, and reported by line once there
 * is a proper one: in a file of something else, all rows are wrong alike.
 */
final class CsvReader<P> {

    /** Takes the puzzles of a file, one by one. */
    interface Sink<P> {
        void add(Proper<P> row) throws IOException;
    }

    /** A row with a puzzle, and where it ends in the file. */
    record Proper<P>(long line, P puzzle) implements Row<P> {}

    /** A row, as far as it has been looked at. */
    private sealed interface Row<P> permits Proper, Row.Plausible, Row.Improper, Row.BelowRating {

        /** Right in all that is quick to tell. */
        record Plausible<P>(long line, Supplier<P> puzzle) implements Row<P> {}

        record Improper<P>(long line, String reason) implements Row<P> {}

        record BelowRating<P>() implements Row<P> {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(CsvReader.class);
    private static final int MOST_REPORTED = 20;
    private static final int CHUNK = 1024;
    private static final String QUESTION = "question";
    private static final String ANSWER = "answer";
    private static final String RATING = "rating";

    private final CsvPuzzles.Kind<P> kind;
    private final Path file;
    private final int minRating;
    private final DataProgress progress;
    private final List<String> columns;
    private final CsvPuzzles<P> puzzles;
    private final List<Row.Improper<P>> unreported = new ArrayList<>();
    private boolean silent;
    private boolean anyProper;
    private int leftOut;
    private int belowRating;

    /**
     * Looks at the columns of a file and at the size of its first puzzle.
     *
     * @param kind what the puzzles are
     * @param minRating the least rating of a puzzle that is taken; unrated ones count as 0
     */
    CsvReader(CsvPuzzles.Kind<P> kind, Path file, int minRating, DataProgress progress) {
        this.kind = kind;
        this.file = file;
        this.minRating = minRating;
        this.progress = progress;
        try (var rows = TableRows.open(file)) {
            this.columns = rows.hasNext() ? columns(rows.next()) : List.of();
            if (!columns.contains(QUESTION)) {
                throw new DatasetException(file + ": expected a " + (isParquet() ? "" : "first line that names the ")
                        + "column " + QUESTION
                        + ", found " + columns + "; name the columns source,question,answer,rating.");
            }
            if (minRating > 0 && !isRated()) {
                throw new DatasetException(file + ": expected a column " + RATING + " to choose puzzles by, found "
                        + columns + "; add it, or take puzzles of any rating.");
            }
            this.puzzles = firstSize(rows);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private DatasetException unreadable(IOException cause) {
        return new DatasetException(cause instanceof NoSuchFileException
                ? file + " does not exist, expected a CSV or Parquet file of " + kind.name() + "."
                : file + " cannot be read as " + (isParquet() ? "Parquet" : "UTF-8 CSV") + " (" + cause.getMessage()
                        + "); mend it and try again.", cause);
    }

    private boolean isParquet() {
        return file.toString().endsWith(TableRows.PARQUET);
    }

    private static List<String> columns(List<String> header) {
        return header.stream().map(name -> name.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT)).toList();
    }

    private CsvPuzzles<P> firstSize(TableRows rows) throws IOException {
        while (rows.hasNext()) {
            var sized = kind.sized().apply(value(rows.next(), QUESTION));
            if (sized.isPresent()) {
                return sized.get();
            }
        }
        throw new DatasetException(
                file + " has no puzzle: expected " + kind.name() + ", questions of " + kind.questions()
                        + ", one per cell, found none.");
    }

    private String value(List<String> record, String column) {
        int index = columns.indexOf(column);
        return index >= 0 && index < record.size() ? record.get(index) : "";
    }

    Path file() {
        return file;
    }

    /** What a row's puzzle is called in messages. */
    String name(Proper<P> row) {
        return file.getFileName() + ":" + row.line();
    }

    CsvPuzzles<P> puzzles() {
        return puzzles;
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

    /** What to throw when no puzzle is proper and hard enough. */
    DatasetException nothingLeft() {
        return new DatasetException(file + ": expected " + kind.name() + ", but no puzzle is left, after " + leftOut
                + " improper ones and " + belowRating + " rated below " + minRating
                + (unreported.isEmpty() ? "" : " (the first in line " + unreported.getFirst().line() + ": "
                        + unreported.getFirst().reason() + ")")
                + "; mend the file or take other puzzles.");
    }

    /** Hands over all proper puzzles, in order, and leaves it to later to tell what is improper. */
    void look(Sink<P> sink) throws IOException {
        var other = new CsvReader<>(kind, file, minRating, progress);
        other.silent = true;
        other.forEach(sink);
    }

    /** Hands over all proper puzzles, in order. */
    void forEach(Sink<P> sink) throws IOException {
        eachChunk(rows -> {
            for (var row : rows.parallelStream().map(this::solved).toList()) {
                if (accept(row) instanceof Proper<P> proper) {
                    sink.add(proper);
                }
            }
        });
    }

    /**
     * Some of the puzzles at random, or all if there are not more. Only those that come into question are solved, so
     * that a few can be taken from millions; of the others, not all that are improper are found out.
     *
     * @param admits whether a puzzle may be taken; asked for those that come into question
     */
    List<Proper<P>> sample(int count, SplittableRandom random, Predicate<Proper<P>> admits) throws IOException {
        var sample = new ArrayList<Proper<P>>();
        var seen = new long[1];
        eachChunk(rows -> {
            for (var row : rows) {
                if (!(accept(row) instanceof Row.Plausible<P>)) {
                    continue;
                }
                long place = random.nextLong(seen[0] + 1);
                if (place >= count) {
                    seen[0]++;
                } else if (accept(solved(row)) instanceof Proper<P> proper && admits.test(proper)) {
                    seen[0]++;
                    if (sample.size() < count) {
                        sample.add(proper);
                    } else {
                        sample.set((int) place, proper);
                    }
                }
            }
        });
        return sample;
    }

    private interface ChunkSink<P> {
        void add(List<Row<P>> rows) throws IOException;
    }

    private void eachChunk(ChunkSink<P> sink) throws IOException {
        try (var rows = TableRows.open(file)) {
            if (hasNext(rows)) {
                next(rows);
            }
            long read = 0;
            while (hasNext(rows)) {
                var chunk = new ArrayList<Row<P>>(CHUNK);
                while (chunk.size() < CHUNK && hasNext(rows)) {
                    chunk.add(read(rows.line(), next(rows)));
                }
                sink.add(chunk);
                read += chunk.size();
                progress.at("rows of " + file.getFileName(), read, 0);
            }
        }
        if (anyProper && !silent && leftOut > MOST_REPORTED) {
            LOG.warn("{}: {} more {} left out", file, leftOut - MOST_REPORTED,
                    Plural.of(leftOut - MOST_REPORTED, "puzzle"));
        }
    }

    /** Tells what is wrong with the file apart from what is wrong where the sink writes. */
    private boolean hasNext(TableRows rows) {
        try {
            return rows.hasNext();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private List<String> next(TableRows rows) {
        try {
            return rows.next();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Counts what is not taken. */
    private Row<P> accept(Row<P> row) {
        switch (row) {
            case Row.Improper<P> improper -> {
                if (++leftOut <= MOST_REPORTED) {
                    unreported.add(improper);
                }
            }
            case Row.BelowRating<P>() -> belowRating++;
            case Proper<P> _ -> anyProper = true;
            case Row.Plausible<P> _ -> { }
        }
        if (anyProper && !silent) {
            unreported.forEach(each -> LOG.warn("{}:{}: left out: {}", file, each.line(), each.reason()));
            unreported.clear();
        }
        return row;
    }

    /** Checks everything that is quick to tell. */
    private Row<P> read(long line, List<String> record) {
        int rating = SplitWriter.UNRATED;
        var ratingText = value(record, RATING).strip();
        if (!ratingText.isEmpty()) {
            // Where some rows have none, other programs write whole numbers with a point.
            if (!ratingText.matches("\\d{1,9}(\\.0+)?")) {
                return new Row.Improper<>(line, "The rating is '" + UserException.shown(ratingText)
                        + "', expected a whole number.");
            }
            rating = Integer.parseInt(ratingText.replaceFirst("\\..*", ""));
        }
        if (Math.max(0, rating) < minRating) {
            return new Row.BelowRating<>();
        }
        try {
            return new Row.Plausible<>(line, puzzles.read(value(record, QUESTION), value(record, ANSWER), rating));
        } catch (DatasetException e) {
            return new Row.Improper<>(line, e.getMessage());
        }
    }

    private Row<P> solved(Row<P> row) {
        if (!(row instanceof Row.Plausible<P>(long line, var puzzle))) {
            return row;
        }
        try {
            return new Proper<>(line, puzzle.get());
        } catch (DatasetException e) {
            return new Row.Improper<>(line, e.getMessage());
        }
    }
}
