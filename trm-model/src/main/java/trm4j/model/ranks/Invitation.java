package trm4j.model.ranks;

/** What a process finds that was started among others: which of them it is, as long as nothing connects them yet. */
public interface Invitation {

    /** Returns which this process is, from 0. */
    int rank();

    /** Returns how many there are. */
    int size();

    /**
     * Connects them. Together, once in a process.
     *
     * @throws RanksException if what would connect them is missing or does not fit
     */
    Ranks join();

    /**
     * Has the others ended, which would wait for this process to join, since it will not. Ends this process with that, or
     * returns where it is enough that it ends with a status that is not 0. Not after {@link #join} has returned.
     */
    default void decline() {
        // The launcher sees to it.
    }
}
