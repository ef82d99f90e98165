package trm4j.train.data.arc;

import java.nio.file.Path;
import java.util.List;
import trm4j.train.DatasetException;
import trm4j.train.data.LeakPolicy;

/**
 * Says which ARC tasks a dataset is made of. A path is a file of many tasks, as {@code NAME_challenges.json} with
 * {@code NAME_solutions.json} beside it, a file of one task, or a folder of such.
 *
 * @param train tasks of which all pairs are for training
 * @param evaluation tasks whose demonstrations are for training and whose tests are for evaluation
 * @param augment how many augmented copies each task gets besides itself, as far as there are different ones
 * @param leaks what becomes of training tasks that are evaluated, by their name or their content; where they are dropped,
 *     so are training tasks that come twice
 * @param seed settles all that is random
 */
public record ArcSource(List<Path> train, List<Path> evaluation, int augment, LeakPolicy leaks, long seed) {

    /** Leaves out of training what is evaluated. */
    public ArcSource(List<Path> train, List<Path> evaluation, int augment, long seed) {
        this(train, evaluation, augment, LeakPolicy.DROP, seed);
    }

    public ArcSource {
        if (train.isEmpty() && evaluation.isEmpty()) {
            throw new DatasetException("Expected at least one file or folder of ARC tasks, found none.");
        }
        if (augment < 0) {
            throw new DatasetException("Expected 0 or more augmentations of each task, found " + augment + ".");
        }
    }
}
