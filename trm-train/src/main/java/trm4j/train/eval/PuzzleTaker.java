package trm4j.train.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.BooleanSupplier;
import trm4j.model.ranks.Ranks;
import trm4j.train.eval.PuzzleMessage.Word;

/** The part of a rank other than 0 where ranks solve puzzles together: solves what {@link PuzzleHandout} gives. */
final class PuzzleTaker {

    private final Ranks ranks;
    private final int most;
    private final List<Prediction> solved = new ArrayList<>();
    private int[] taken = {};
    private int next;
    private boolean ends;
    private boolean stops;

    /** @param most puzzles that are asked for at a time */
    PuzzleTaker(Ranks ranks, int most) {
        this.ranks = ranks;
        this.most = most;
    }

    /** Solves puzzles until none are left, or a rank is told to stop. */
    void run(PuzzleHandout.Own own, BooleanSupplier stop) {
        own.solve(puzzles(), solved::add, () -> {
            tellSolved();
            return isStopped(stop.getAsBoolean());
        });
        tellSolved();
        send(PuzzleMessage.of(Word.END));
        while (receive().word() != Word.END) {
            // A last word that crossed this rank's.
            continue;
        }
    }

    private PrimitiveIterator.OfInt puzzles() {
        return new PrimitiveIterator.OfInt() {

            @Override
            public boolean hasNext() {
                if (next == taken.length && !ends) {
                    ask();
                }
                return next < taken.length;
            }

            @Override
            public int nextInt() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return taken[next++];
            }
        };
    }

    private void ask() {
        tellSolved();
        send(PuzzleMessage.ask(most));
        var answer = receive();
        stops |= answer.word() == Word.STOP;
        taken = answer.numbers().toArray();
        next = 0;
        ends = taken.length == 0;
    }

    private void tellSolved() {
        if (!solved.isEmpty()) {
            send(PuzzleMessage.solved(solved));
            solved.clear();
        }
    }

    private boolean isStopped(boolean told) {
        if (told && !stops) {
            send(PuzzleMessage.of(Word.STOP));
        }
        // While nothing is asked for, nothing else comes.
        stops |= told || ranks.poll().isPresent();
        return stops;
    }

    private void send(PuzzleMessage message) {
        ranks.send(0, message.bytes());
    }

    private PuzzleMessage receive() {
        return PuzzleMessage.of(ranks.receive().bytes());
    }
}
