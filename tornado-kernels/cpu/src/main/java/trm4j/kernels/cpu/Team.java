package trm4j.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that do the parts of one kernel at a time. A kernel takes some microseconds at small sizes, so
 * idle members spin for a moment before they sleep.
 *
 * <p>Each member begins with its own share of the parts, as many next to each other as the others have, and the same
 * ones every time: what they read, parts with these numbers mostly wrote, so that it lies in the cache of that
 * member's core, or in one near it. Who is done takes parts of others. So which member does a part is not fixed; what
 * a part computes must not depend on it.
 */
class Team implements AutoCloseable {

    /** The parts of a kernel; no two of them write the same element. */
    @FunctionalInterface
    interface Parts {

        /**
         * Does one part.
         *
         * @param worker who does it, in [0, {@link Team#size()}): names scratch space nobody else uses
         */
        void run(int part, int worker);
    }

    private static final int SPINS = 2_000;
    private static final int YIELDS = 200;
    /** Longs from one share to the next, which are not to share a cache line, nor a pair of them. */
    private static final int STRIDE = 16;

    private final int size;
    private final Thread[] members;
    /** Of each member's share, the first part that nobody has claimed, by 2^32, and the end. */
    private final AtomicLongArray shares;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger sleeping = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;
    /** Counts kernels: whoever sees it change looks for parts. */
    private volatile int kernel;
    private Parts parts;

    Team(int size) {
        this.size = size;
        shares = new AtomicLongArray(size * STRIDE);
        members = new Thread[size - 1];
        for (int i = 0; i < members.length; i++) {
            int worker = i + 1;
            members[i] = Thread.ofPlatform().daemon().name("cpu-device-" + worker).start(() -> work(worker));
        }
    }

    int size() {
        return size;
    }

    /** Returns where part number {@code part} of {@code parts} starts, of {@code all}. */
    static int start(int part, int parts, int all) {
        return (int) ((long) part * all / parts);
    }

    /**
     * Does parts 0 .. count-1 and returns when all are done. It waits for parts, not for members: one that the
     * system has put aside holds nobody up unless it has a part in hand.
     */
    void run(int count, Parts parts) {
        if (count <= 1 || size == 1) {
            for (int i = 0; i < count; i++) {
                parts.run(i, 0);
            }
            return;
        }
        this.parts = parts;
        unfinished.set(count);
        for (int member = 0; member < size; member++) {
            long first = start(member, size, count);
            shares.setRelease(member * STRIDE, first << Integer.SIZE | start(member + 1, size, count));
        }
        kernel++;
        if (sleeping.get() > 0) {
            wake();
        }
        doParts(0);
        for (int spins = 0; unfinished.get() > 0; spins++) {
            pause(spins);
        }
        var thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("a kernel failed", thrown);
        }
    }

    private void work(int worker) {
        int seen = 0;
        int spins = 0;
        while (!closed) {
            int latest = kernel;
            if (latest != seen) {
                seen = latest;
                doParts(worker);
                spins = 0;
            } else if (spins++ < SPINS + YIELDS) {
                pause(spins);
            } else {
                sleeping.incrementAndGet();
                if (kernel == seen && !closed) {
                    LockSupport.park(this);
                }
                sleeping.decrementAndGet();
            }
        }
    }

    /** Waits a moment; after many, lets other programs have the core. */
    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /** Does what is left of the worker's own share, then of each other's. */
    private void doParts(int worker) {
        for (int i = 0; i < size; i++) {
            int done = doShare((worker + i) % size * STRIDE, worker);
            if (done > 0) {
                unfinished.addAndGet(-done);
            }
        }
    }

    private int doShare(int share, int worker) {
        int done = 0;
        for (long left = shares.get(share); (int) (left >>> Integer.SIZE) < (int) left; left = shares.get(share)) {
            if (shares.compareAndSet(share, left, left + (1L << Integer.SIZE))) {
                // A claimed part keeps its kernel from ending, so what is read from here on is that kernel's.
                try {
                    parts.run((int) (left >>> Integer.SIZE), worker);
                } catch (Throwable e) {
                    failure.set(e);
                }
                done++;
            }
        }
        return done;
    }

    private void wake() {
        for (var member : members) {
            LockSupport.unpark(member);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }
}
