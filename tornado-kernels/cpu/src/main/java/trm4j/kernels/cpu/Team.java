package trm4j.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that do the parts of one kernel at a time. A kernel takes some microseconds at small sizes, so
 * idle members spin for a moment before they sleep. Which member does a part is not fixed; what a part
 * computes must not depend on it.
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

    private final int size;
    private final Thread[] members;
    private final AtomicInteger unclaimed = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger sleeping = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;
    private Parts parts;
    private int count;

    Team(int size) {
        this.size = size;
        members = new Thread[size - 1];
        for (int i = 0; i < members.length; i++) {
            int worker = i + 1;
            members[i] = Thread.ofPlatform().daemon().name("cpu-device-" + worker).start(() -> work(worker));
        }
    }

    int size() {
        return size;
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
        this.count = count;
        unfinished.set(count);
        unclaimed.set(count);
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
        int spins = 0;
        while (!closed) {
            if (unclaimed.get() > 0) {
                doParts(worker);
                spins = 0;
            } else if (spins++ < SPINS + YIELDS) {
                pause(spins);
            } else {
                sleeping.incrementAndGet();
                if (unclaimed.get() == 0 && !closed) {
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

    private void doParts(int worker) {
        for (int left = unclaimed.get(); left > 0; left = unclaimed.get()) {
            if (unclaimed.compareAndSet(left, left - 1)) {
                // A claimed part keeps its kernel from ending, so what is read from here on is that kernel's.
                try {
                    parts.run(count - left, worker);
                } catch (Throwable e) {
                    failure.set(e);
                } finally {
                    unfinished.decrementAndGet();
                }
            }
        }
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
