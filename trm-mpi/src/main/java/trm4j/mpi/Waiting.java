package trm4j.mpi;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what comes from other ranks. MPI moves data while it is asked for, so asking often is what makes it fast.
 * Two ranks that yield to each other may stay on one processor while another has nothing to do; where there are more
 * threads than processors, who sleeps is woken sooner than who yields.
 *
 * @param spinNanos how long to ask before another thread is let compute
 */
record Waiting(long spinNanos) {

    /** Where each rank has a processor to itself. */
    static final Waiting ON_OWN_PROCESSOR = new Waiting(1_000_000);
    static final Waiting ON_SHARED_PROCESSOR = new Waiting(20_000);

    private static final int SPINS = 50;
    /** A yield that takes as long has let another thread compute. */
    private static final long BUSY_NANOS = 200_000;
    private static final long LONG_NANOS = 1_000_000_000;
    private static final long NAP_NANOS = 50_000;

    void until(BooleanSupplier done) {
        long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS; i++) {
                if (done.getAsBoolean()) {
                    return;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < spinNanos);
        boolean naps = false;
        while (!done.getAsBoolean()) {
            if (naps) {
                LockSupport.parkNanos(NAP_NANOS);
            } else {
                long before = System.nanoTime();
                Thread.yield();
                long now = System.nanoTime();
                naps = now - before > BUSY_NANOS || now - start > LONG_NANOS;
            }
        }
    }

    /** Waits for what may take long, from the beginning without a processor. */
    static <T> T patiently(Supplier<Optional<T>> source) {
        while (true) {
            var found = source.get();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(NAP_NANOS);
        }
    }
}
