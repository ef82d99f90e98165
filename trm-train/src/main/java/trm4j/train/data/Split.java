package trm4j.train.data;

import java.util.Locale;

/** The two halves of a dataset. */
public enum Split {
    TRAIN, TEST;

    /** Returns what messages call its puzzles, {@code training puzzles} or {@code test puzzles}. */
    public String puzzles() {
        return this == TRAIN ? "training puzzles" : "test puzzles";
    }

    /** The name of the split's folder, {@code train} or {@code test}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
