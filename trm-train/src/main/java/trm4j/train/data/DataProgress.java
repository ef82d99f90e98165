package trm4j.train.data;

/** Hears how far the making of a data set has come. */
@FunctionalInterface
public interface DataProgress {

    /** Nobody listens. */
    DataProgress NONE = (_, _, _) -> { };

    /**
     * Some more is done.
     *
     * @param what is counted, in the plural, such as {@code training puzzles}; one thing after the other
     * @param total how many there will be; 0 where that is not known
     */
    void at(String what, long done, long total);
}
