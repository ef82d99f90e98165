package trm4j.train.data;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Fills a dataset with new puzzles, none of which is symmetric to one of the other split. */
final class SudokuGeneration {

    private static final int MOST_FRUITLESS_TRIES = 10_000;
    private static final int TRIES_AT_ONCE = 64;

    private record Try(SudokuPuzzle puzzle, String form) {}

    private final SudokuSource.Generated source;
    private final SudokuGenerator generator;
    private final SudokuCanon canon;
    private final SplittableRandom random;

    SudokuGeneration(SudokuSource.Generated source) {
        this.source = source;
        this.generator = new SudokuGenerator(source.rules(), source.minClues(), source.maxClues());
        this.canon = new SudokuCanon(source.rules());
        this.random = new SplittableRandom(source.seed());
    }

    SudokuSummary write(DatasetWriter dataset) throws IOException {
        var counts = new EnumMap<Split, SudokuSummary.Count>(Split.class);
        if (source.train() > 0) {
            var puzzles = new HashSet<String>();
            counts.put(Split.TRAIN, fill(dataset, Split.TRAIN, source.train(),
                    made -> puzzles.add(SudokuRules.format(made.puzzle().clues()))));
        }
        if (source.test() > 0) {
            var forms = new HashSet<String>();
            counts.put(Split.TEST, fill(dataset, Split.TEST, source.test(), made -> forms.add(made.form())));
        }
        return new SudokuSummary(source.rules(), counts);
    }

    private SudokuSummary.Count fill(DatasetWriter dataset, Split name, int count, Predicate<Try> isNew)
            throws IOException {
        var split = new SudokuSplit(dataset, name, source.rules(), true, source, random.split());
        int fruitless = 0;
        while (split.puzzles() < count) {
            // The tries have their own random numbers, so how many threads there are does not matter.
            var tries = Stream.generate(random::split).limit(TRIES_AT_ONCE).toList().parallelStream()
                    .map(each -> generator.attempt(each).map(puzzle -> new Try(puzzle, canon.of(puzzle))))
                    .toList();
            for (var made : tries) {
                if (split.puzzles() == count) {
                    break;
                }
                if (made.filter(it -> splitOf(it) == name).filter(isNew).isPresent()) {
                    split.add(made.get().puzzle());
                    fruitless = 0;
                } else if (++fruitless == MOST_FRUITLESS_TRIES) {
                    throw exhausted(name, split.puzzles(), count);
                }
            }
        }
        return split.count(0, 0);
    }

    /**
     * The split that a puzzle and those symmetric to it may be used for. A coin decides, so that where there are
     * few, as of 4x4, neither split uses up the hard ones.
     */
    private Split splitOf(Try made) {
        return new SplittableRandom(source.seed() + made.form().hashCode()).nextBoolean() ? Split.TRAIN : Split.TEST;
    }

    private DatasetException exhausted(Split split, int made, int wanted) {
        int n = source.rules().size();
        return new DatasetException("""
                Only %d of %d %s puzzles could be made: %d tries in a row gave no new %dx%d Sudoku of %d to %d clues; \
                ask for fewer, or for another range of clues."""
                .formatted(made, wanted, split, MOST_FRUITLESS_TRIES, n, n, source.minClues(), source.maxClues()));
    }
}
