import java.util.Arrays;

/**
 * Prints how many nanoseconds a cache line takes from one thread to another and back: some 50 where their cores share a
 * cache, several times as long where they do not. Of a virtual machine that changes as it runs, and with it the time of
 * whatever one thread writes and another reads.
 */
public final class CoreDistance {

    private static final int TRIPS = 2_000;
    private static final int ROUNDS = 50;
    /** Rounds before both threads' loops are compiled. */
    private static final int WARM = 25;

    /** Odd on its way to the other thread, even on its way back. */
    private static volatile int ball;

    private CoreDistance() {}

    public static void main(String[] args) {
        var other = new Thread(() -> {
            for (int trip = 0; trip < ROUNDS * TRIPS; trip++) {
                await(2 * trip + 1);
                ball = 2 * trip + 2;
            }
        });
        other.setDaemon(true);
        other.start();
        var nanos = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int trip = round * TRIPS; trip < (round + 1) * TRIPS; trip++) {
                ball = 2 * trip + 1;
                await(2 * trip + 2);
            }
            nanos[round] = (System.nanoTime() - start) / TRIPS;
        }
        Arrays.sort(nanos, WARM, ROUNDS);
        System.out.println(nanos[(WARM + ROUNDS) / 2]);
    }

    private static void await(int value) {
        while (ball != value) {
            Thread.onSpinWait();
        }
    }
}
