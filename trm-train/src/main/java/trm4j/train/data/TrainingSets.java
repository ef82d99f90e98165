package trm4j.train.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import trm4j.train.DatasetException;
import trm4j.train.TrmCommand;

/** Data sets that are trained on together. A puzzle identifier means the same row of the puzzle table in all. */
public final class TrainingSets implements AutoCloseable {

    private final List<PuzzleDataset> sets = new ArrayList<>();

    /**
     * Opens the training split of each.
     *
     * @param folders of the data sets, at least one
     * @throws DatasetException if one is not whole, or has other sizes or puzzle identifiers than the first
     */
    public TrainingSets(List<Path> folders) {
        try {
            for (var folder : folders) {
                sets.add(PuzzleDataset.open(folder, Split.TRAIN));
                requireAlike(sets.getLast());
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Refuses a data set that does not go with these.
     *
     * @throws DatasetException if it has other sizes or puzzle identifiers than the first
     */
    public void requireAlike(PuzzleDataset other) {
        var first = sets.getFirst();
        requireAlike(other, "seq_len", first.info().seqLen(), other.info().seqLen());
        requireAlike(other, "vocab_size", first.info().vocabSize(), other.info().vocabSize());
        requireAlike(
                other, "num_puzzle_identifiers", first.info().numPuzzleIdentifiers(),
                other.info().numPuzzleIdentifiers());
        sets.stream().filter(set -> !set.identifiers().isEmpty()).findFirst().ifPresent(named -> {
            if (!other.identifiers().isEmpty() && !named.identifiers().equals(other.identifiers())) {
                throw new DatasetException(other.folder() + ": expected the puzzle identifiers of " + named.folder()
                        + ", found others in " + PuzzleDataset.IDENTIFIERS + "; make one data set of both with "
                        + TrmCommand.line("data") + ".");
            }
        });
    }

    private void requireAlike(PuzzleDataset other, String key, int expected, int found) {
        if (expected != found) {
            throw new DatasetException(other.folder() + ": expected " + key + " " + expected + ", as "
                    + sets.getFirst().folder() + " has it, found " + found
                    + "; make one data set of both with " + TrmCommand.line("data") + ".");
        }
    }

    List<PuzzleDataset> sets() {
        return sets;
    }

    /** Returns what the first set's {@code dataset.json} says, with the totals of all sets. */
    public DatasetInfo info() {
        var first = sets.getFirst().info();
        return sets.size() == 1
                ? first
                : first.counted(
                        first.numPuzzleIdentifiers(), groups(), sets.stream().mapToInt(PuzzleDataset::puzzles).sum(),
                        Math.toIntExact(examples()));
    }

    /** Returns the names of the puzzle identifiers, in order; empty if no set names them. */
    public List<String> identifiers() {
        return sets.stream().map(PuzzleDataset::identifiers).filter(names -> !names.isEmpty()).findFirst()
                .orElse(List.of());
    }

    /** Returns the number of groups in all sets. */
    public int groups() {
        return sets.stream().mapToInt(PuzzleDataset::groups).sum();
    }

    /** Returns the number of groups in the set that has the fewest. */
    public int fewestGroups() {
        return sets.stream().mapToInt(PuzzleDataset::groups).min().orElseThrow();
    }

    /** Returns the number of examples in all sets. */
    public long examples() {
        return sets.stream().mapToLong(PuzzleDataset::examples).sum();
    }

    @Override
    public void close() {
        sets.forEach(PuzzleDataset::close);
    }
}
