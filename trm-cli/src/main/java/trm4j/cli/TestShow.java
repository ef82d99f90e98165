package trm4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import trm4j.kernels.UserException;
import trm4j.kernels.device.Device;
import trm4j.model.BatchSolver;
import trm4j.model.Checkpoint;
import trm4j.model.Solution;
import trm4j.model.Solver;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.puzzle.PuzzleFamilies;

/** Solves test puzzles before the reader's eyes: the first, and one that takes several steps if one is soon found. */
final class TestShow {

    /** As long as a user may wait for a puzzle that takes several steps to be found. */
    static final Duration A_WHILE = Duration.ofSeconds(10);

    private static final int LOOKED_AT = 300;

    private final PuzzleDataset puzzles;
    private final Checkpoint model;
    private final Device device;
    private final Duration search;

    /**
     * A show.
     *
     * @param search how long to look for a puzzle that takes several steps, at most
     */
    TestShow(PuzzleDataset puzzles, Checkpoint model, Device device, Duration search) {
        this.puzzles = puzzles;
        this.model = model;
        this.device = device;
        this.search = search;
    }

    /**
     * Shows them.
     *
     * @param batch puzzles to solve at a time, while looking for one
     * @param colours whether to show what changed in colour too
     */
    void run(int batch, boolean colours, PrintWriter out) {
        var config = model.config();
        var several = ofSeveralSteps(batch);
        try (var solver = solver(1)) {
            var show = new PuzzleShow(
                    PuzzleFamilies.of(puzzles.info()), solver, config.haltMaxSteps(), colours, out);
            out.println();
            out.println("A test puzzle" + name(0) + ", solved step by step (changed cells in brackets):");
            show.run(puzzles.example(0));
            several.ifPresent(example -> {
                out.println();
                out.println("Test puzzle " + (example + 1) + name(example) + ", which takes several steps:");
                show.run(puzzles.example(example));
            });
        }
    }

    private String name(int example) {
        return puzzles.name(puzzles.example(example).puzzleIdentifier())
                .map(name -> " (of " + UserException.shown(name) + ")").orElse("");
    }

    private Solver solver(int batch) {
        return new Solver(device, model.config(), model.train().loss(), batch, model.tensors());
    }

    /** A puzzle other than the first that is solved at a later step than others, once and for all. */
    private OptionalInt ofSeveralSteps(int batch) {
        int steps = model.config().haltMaxSteps();
        int count = Math.min(LOOKED_AT, puzzles.examples());
        if (steps == 1 || count < 2) {
            return OptionalInt.empty();
        }
        var taken = new int[count];
        long end = System.nanoTime() + search.toNanos();
        try (var solver = solver(Math.min(batch, count - 1))) {
            new BatchSolver(solver, steps, false).solve(
                    IntStream.range(1, count).iterator(), puzzles::example,
                    (number, _, solution) -> taken[number] = solvedAt(solution),
                    () -> System.nanoTime() > end);
        }
        int most = Arrays.stream(taken).max().orElse(0);
        return most < 2 ? OptionalInt.empty() : IntStream.range(1, count).filter(i -> taken[i] == most).findFirst();
    }

    /** The step up to which the answer is wrong, and from which on it is as labelled; 0 if there is no such. */
    private static int solvedAt(Solution solution) {
        int steps = solution.steps();
        int wrong = (int) Arrays.stream(solution.right()).filter(right -> right < solution.labelled()).count();
        boolean stays = Arrays.stream(solution.right(), wrong, steps).allMatch(right -> right == solution.labelled());
        return wrong < steps && stays && solution.labelled() > 0 ? wrong + 1 : 0;
    }
}
