package trm4j.train.eval;

import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.Ranks.Message;

/**
 * Rank 0's part where ranks solve puzzles together: hands them out, to itself too, a few at a time, so that nobody waits
 * for a slow one, and takes what became of them. While it solves some itself, a thread answers the others.
 */
final class PuzzleHandout {

    /** Between two looks for messages: far less than a step takes, and next to no work. */
    private static final long PAUSE_MILLIS = 1;

    private final Ranks ranks;
    private final int[] puzzles;
    private final Consumer<Prediction> sink;
    private final boolean[] told;
    private int next;
    private int ended;
    private boolean stops;
    private boolean solvesItself = true;
    /** What ended the thread that answers, errors such as a full heap too. */
    private Throwable failure;

    /** What rank 0 has for the puzzles that it solves itself. */
    interface Own {

        /**
         * Solves puzzles until told to stop.
         *
         * @return whether all were solved
         */
        boolean solve(PrimitiveIterator.OfInt puzzles, Consumer<Prediction> sink, BooleanSupplier stop);
    }

    /** @param sink hears of each puzzle that is solved, from one thread at a time */
    PuzzleHandout(Ranks ranks, IntStream puzzles, Consumer<Prediction> sink) {
        this.ranks = ranks;
        this.puzzles = puzzles.toArray();
        this.sink = sink;
        told = new boolean[ranks.size()];
    }

    /**
     * Has all puzzles solved, unless a rank is told to stop.
     *
     * @param soFar runs now and then, in the calling thread
     * @return whether all were
     */
    boolean run(Own own, Runnable soFar, BooleanSupplier stop) {
        var answering = Thread.ofPlatform().name("puzzle handout").daemon().start(this::answerMeanwhile);
        boolean all;
        try {
            all = own.solve(rest(), this::solved, () -> {
                soFar(soFar);
                return isStopped(stop.getAsBoolean());
            });
        } finally {
            synchronized (this) {
                solvesItself = false;
            }
            join(answering);
        }
        switch (failure) {
            case null -> { }
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
        while (ended < ranks.size() - 1) {
            isStopped(stop.getAsBoolean());
            answer();
            soFar(soFar);
            pause();
        }
        return all && !stops;
    }

    private synchronized void soFar(Runnable soFar) {
        soFar.run();
    }

    private synchronized boolean isStopped(boolean told) {
        stops |= told;
        return stops || failure != null;
    }

    private synchronized void solved(Prediction prediction) {
        sink.accept(prediction);
    }

    /** Takes puzzle after puzzle of those that are left. */
    private PrimitiveIterator.OfInt rest() {
        return new PrimitiveIterator.OfInt() {

            private int[] taken = {};

            @Override
            public boolean hasNext() {
                if (taken.length == 0) {
                    taken = take(1);
                }
                return taken.length > 0;
            }

            @Override
            public int nextInt() {
                hasNext();
                int number = taken[0];
                taken = new int[0];
                return number;
            }
        };
    }

    /** Takes some of the puzzles that are left: fewer towards the end, so that all ranks end at about the same time. */
    private synchronized int[] take(int most) {
        int share = Math.ceilDiv(puzzles.length - next, 2 * ranks.size());
        int count = stops ? 0 : Math.min(Math.min(most, Math.max(share, 1)), puzzles.length - next);
        next += count;
        return Arrays.copyOfRange(puzzles, next - count, next);
    }

    private void answerMeanwhile() {
        try {
            while (meanwhile()) {
                answer();
                pause();
            }
        } catch (Throwable e) {
            synchronized (this) {
                failure = e;
            }
        }
    }

    private synchronized boolean meanwhile() {
        return solvesItself;
    }

    /** Answers all that has come. */
    private void answer() {
        for (var message = ranks.poll(); message.isPresent(); message = ranks.poll()) {
            answer(message.get());
        }
        if (isStopped(false)) {
            for (int rank = 1; rank < told.length; rank++) {
                stop(rank);
            }
        }
    }

    private void answer(Message came) {
        var message = PuzzleMessage.of(came.bytes());
        switch (message.word()) {
            case ASK -> {
                int most = message.numbers().findFirst().orElseThrow();
                send(came.from(), PuzzleMessage.take(IntStream.of(take(most))));
            }
            case SOLVED -> message.predictions().forEach(this::solved);
            case STOP -> isStopped(true);
            case END -> {
                told[came.from()] = true;
                ended++;
                send(came.from(), PuzzleMessage.of(PuzzleMessage.Word.END));
            }
            case TAKE -> throw new IllegalStateException("rank " + came.from() + " hands out puzzles");
        }
    }

    private void stop(int rank) {
        if (!told[rank]) {
            told[rank] = true;
            send(rank, PuzzleMessage.of(PuzzleMessage.Word.STOP));
        }
    }

    private void send(int rank, PuzzleMessage message) {
        ranks.send(rank, message.bytes());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
