package trm4j.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that do the parts of one kernel at a time. A kernel takes some microseconds at small sizes, so
 * idle members spin for a moment before they sleep. Which member does a part is not fixed; what a part
 * computes must not depend on it.
 */
final class Team implements AutoCloseable {

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

    private static final int SPINS = 20_000;

    private final int size;
    private final Thread[] members;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile int round;
    private volatile boolean closed;
    private volatile Throwable failure;
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

    /** Does parts 0 .. count-1 and returns when all are done. */
    void run(int count, Parts parts) {
        if (count == 1 || size == 1) {
            for (int i = 0; i < count; i++) {
                parts.run(i, 0);
            }
            return;
        }
        this.parts = parts;
        this.count = count;
        next.set(0);
        busy.set(members.length);
        round++;
        for (var member : members) {
            LockSupport.unpark(member);
        }
        doParts(0);
        while (busy.get() > 0) {
            Thread.onSpinWait();
        }
        if (failure != null) {
            var thrown = failure;
            failure = null;
            throw new IllegalStateException("a kernel failed", thrown);
        }
    }

    private void work(int worker) {
        int seen = 0;
        while (true) {
            for (int spins = 0; round == seen && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            seen = round;
            doParts(worker);
            busy.decrementAndGet();
        }
    }

    private void doParts(int worker) {
        try {
            for (int part = next.getAndIncrement(); part < count; part = next.getAndIncrement()) {
                parts.run(part, worker);
            }
        } catch (Throwable e) {
            failure = e;
            next.set(count);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var member : members) {
            LockSupport.unpark(member);
        }
    }
}
