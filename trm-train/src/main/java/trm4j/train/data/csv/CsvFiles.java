package trm4j.train.data.csv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import trm4j.train.DatasetException;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.Sources;
import trm4j.train.data.Split;

/**
 * Says which puzzles to take from CSV or Parquet files with the columns {@code question}, and {@code answer} and
 * {@code rating} if known, in any order.
 *
 * @param path a folder with {@code train.csv}, {@code test.csv} or both, or one file; CSV files may be compressed,
 *     {@code .csv.gz}, and Parquet's end with {@code .parquet}
 * @param split what a single file becomes
 * @param subsample how many training puzzles to take, at random; all if empty or if there are not more
 * @param minRating the least rating of a puzzle that is taken, 0 for all; unrated ones count as 0
 * @param leaks what becomes of training puzzles that are test puzzles or symmetric to one
 */
public record CsvFiles(Path path, Split split, OptionalInt subsample, int minRating, LeakPolicy leaks) {

    private static final List<String> ENDINGS = List.of(".csv", ".csv" + TableRows.GZIP, TableRows.PARQUET);

    public CsvFiles {
        if (subsample.isPresent() && subsample.getAsInt() < 1) {
            throw new DatasetException("Expected to subsample at least 1 puzzle, found " + subsample.getAsInt() + ".");
        }
        if (minRating < 0) {
            throw new DatasetException("Expected a least rating of 0 or more, found " + minRating + ".");
        }
    }

    /** Leaves out of training what is tested on. */
    public CsvFiles(Path path, Split split, OptionalInt subsample, int minRating) {
        this(path, split, subsample, minRating, LeakPolicy.DROP);
    }

    /** Takes all puzzles of a file, to test on. */
    public static CsvFiles test(Path file) {
        return new CsvFiles(file, Split.TEST, OptionalInt.empty(), 0);
    }

    /** Adds the files and how they are read to what a data set is made of. */
    public void describe(Sources sources) throws IOException {
        subsample.ifPresent(count -> sources.with("subsample", count));
        sources.with("min_rating", minRating).with("leaks", leaks).read("csv", List.copyOf(files().values()));
    }

    /** The file of each split. */
    Map<Split, Path> files() {
        if (!Files.isDirectory(path)) {
            return Map.of(split, path);
        }
        var files = new EnumMap<Split, Path>(Split.class);
        for (var name : Split.values()) {
            var there = ENDINGS.stream().map(ending -> path.resolve(name + ending)).filter(Files::exists).toList();
            if (there.size() > 1) {
                throw new DatasetException(path + " has " + there.get(0).getFileName() + " and "
                        + there.get(1).getFileName() + ", expected one of them; take the other away, or give a single "
                        + "file.");
            }
            there.forEach(file -> files.put(name, file));
        }
        if (files.isEmpty()) {
            throw new DatasetException(path + " has neither train.csv nor test.csv, nor such files of .csv.gz or "
                    + ".parquet; name a file in it so, or give a single file.");
        }
        return files;
    }
}
