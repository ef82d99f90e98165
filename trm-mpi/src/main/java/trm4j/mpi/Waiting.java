package trm4j.mpi;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what comes from other ranks. MPI moves data while it is asked for, so asking often is what makes it fast; a
 * thread that has something to compute goes first, and after a while a processor is worth more than some microseconds.
 */
final class Waiting {

    private static final int SPINS = 200;
    private static final long LONG_NANOS = 1_000_000_000;
    private static final long NAP_NANOS = 100_000;

    private Waiting() {}

    static void until(BooleanSupplier done) {
        for (int i = 0; i < SPINS; i++) {
            if (done.getAsBoolean()) {
                return;
            }
            Thread.onSpinWait();
        }
        long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - start < LONG_NANOS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
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
