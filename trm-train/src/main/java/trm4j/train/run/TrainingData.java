package trm4j.train.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The data sets of a run.
 *
 * @param train folders of those to train on, at least one, all of the same puzzles
 * @param test folder of the one to test on; else the first of the others, if it has test puzzles
 */
public record TrainingData(List<Path> train, Optional<Path> test) {

    public TrainingData {
        train = List.copyOf(train);
    }

    /** Returns a single data set, to train and to test on. */
    public static TrainingData of(Path folder) {
        return new TrainingData(List.of(folder), Optional.empty());
    }

    /** Returns the folder of the data set whose test puzzles are solved, if it has any. */
    public Path tested() {
        return test.orElse(train.getFirst());
    }

    /** Returns the folders to train on, for messages. */
    @Override
    public String toString() {
        return train.stream().map(Path::toString).collect(Collectors.joining(" and "));
    }
}
