package trm4j.cli;

import picocli.CommandLine.Option;
import trm4j.train.data.LeakPolicy;

/** What {@code trm data} is told to do with test puzzles in training files. */
final class LeaksOption {

    static final String NAME = "--leaks";

    @Option(
            names = NAME,
            paramLabel = "POLICY",
            description = "Training puzzles that are test puzzles, or the same but for a symmetry: drop leaves them out "
                    + "of training, keep trains on them all the same, refuse makes no data set (default: drop).")
    LeakPolicy policy = LeakPolicy.DROP;
}
