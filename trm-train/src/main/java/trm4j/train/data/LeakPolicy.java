package trm4j.train.data;

import java.util.Locale;

/** What becomes of training puzzles that are test puzzles too, or the same but for a symmetry. */
public enum LeakPolicy {

    /** They are trained on. */
    KEEP,

    /** They are left out of training. */
    DROP,

    /** There is to be no data set with such. */
    REFUSE;

    /** The word for it on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
