package trm4j.train.data;

import java.util.Locale;

/** The two halves of a dataset. */
public enum Split {
    TRAIN, TEST;

    /** The name of the split's folder, {@code train} or {@code test}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
