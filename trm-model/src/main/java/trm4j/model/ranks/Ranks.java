package trm4j.model.ranks;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The processes that work together, each on a device of its own, and which of them this one is: ranks 0 to {@link
 * #size} - 1. What one sends, another has to take. Numbers come as they were sent, to the bit.
 *
 * <p>Methods that are called <em>together</em> are called by all ranks, in the same order and with fitting arguments; each
 * returns when this rank has what it is to get. Only one thread of a rank calls at a time. A rank that cannot go on ends
 * all others ({@link #abort}), so that nobody waits for it: none may leave without {@link #close} or that.
 *
 * <p>All methods throw a {@link RanksException} where what carries the data fails.
 */
public interface Ranks extends AutoCloseable {

    /** A process on its own. */
    Ranks ALONE = new Alone();

    /**
     * Returns what this process was started among, of the first {@link RanksProvider} that knows; nothing where it was
     * started alone.
     */
    static Optional<Invitation> invitation() {
        return ServiceLoader.load(RanksProvider.class, RanksProvider.class.getClassLoader()).stream()
                .map(provider -> provider.get().invitation())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns which this is, from 0. */
    int rank();

    /** Returns how many there are. */
    int size();

    /** Returns which this is of those on its machine, from 0. */
    int localRank();

    /** Returns how many there are on its machine. */
    int localSize();

    /** Returns how many threads of this rank compute at a time, so that each processor of its machine has one at most. */
    int threads();

    /** Returns what connects them, such as {@code Open MPI v4.1.4}. */
    String connection();

    /** Returns sentences on what is not a matter of course in how they were started; rank 0 tells them. */
    List<String> remarks();

    /** Tells whether this is rank 0, which prints and writes for all. */
    default boolean isFirst() {
        return rank() == 0;
    }

    /** Tells whether there are others. */
    default boolean areSeveral() {
        return size() > 1;
    }

    /**
     * Together: gives each rank's part of an array to all.
     *
     * @param all this rank's part is filled in; so are all, after that
     * @param starts where parts begin, and where the last ends: rank r's is from {@code starts[r]} to {@code starts[r +
     *     1]}, and may be empty; what is before the first, or behind the last, stays
     */
    void allGather(float[] all, int[] starts);

    /**
     * Together: gives each rank's part of an array to all.
     *
     * @param all this rank's part is filled in; so are all, after that
     * @param starts as for floats
     */
    void allGather(int[] all, int[] starts);

    /** Together: returns the bytes of all ranks, in their order; lengths may differ. */
    List<byte[]> allGather(byte[] own);

    /**
     * Together: gives each rank a part of its own.
     *
     * @param send the part for rank r is from {@code sendStarts[r]} to {@code sendStarts[r + 1]}
     * @param receive what rank r sent comes to {@code receiveStarts[r]} to {@code receiveStarts[r + 1]}, what this rank
     *     sent itself too
     */
    void allToAll(float[] send, int[] sendStarts, float[] receive, int[] receiveStarts);

    /**
     * Together: returns rank 0's bytes to all.
     *
     * @param bytes what others give is left aside, and may be null
     */
    byte[] broadcast(byte[] bytes);

    /** Together: gives rank 0's numbers to all, in the place of theirs. */
    void broadcast(float[] values);

    /** Together: tells whether it is so for any rank. */
    default boolean any(boolean own) {
        return allGather(new byte[] {(byte) (own ? 1 : 0)}).stream().anyMatch(each -> each[0] != 0);
    }

    /** Together: returns when all have come here. */
    default void meet() {
        any(false);
    }

    /**
     * Sends numbers to another rank, which {@linkplain #receive(int, float[], int, int) takes} as many. May wait until it
     * does.
     *
     * @param from the first number's place
     */
    void send(int to, float[] values, int from, int length);

    /**
     * Waits for the numbers that another rank sends.
     *
     * @param at the first number's place
     */
    void receive(int from, float[] values, int at, int length);

    /** Sends a message of any length to another rank. Returns at once; messages to one rank come in their order. */
    void send(int to, byte[] message);

    /** Returns the next message from any rank, if one has come. */
    Optional<Message> poll();

    /** Waits for the next message from any rank. */
    Message receive();

    /**
     * Ends all ranks within seconds, however far they are, with an exit status that is not 0. Does not return where the
     * ranks are processes. Any thread may call it.
     */
    void abort(int status);

    /** Together, at the end: no rank needs another any more. */
    @Override
    void close();

    /**
     * A message that came.
     *
     * @param from the rank that sent it
     */
    record Message(int from, byte[] bytes) {}
}
