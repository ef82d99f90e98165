package trm4j.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.model.config.TrmConfig;

/**
 * A trained model, ready to solve puzzles. Several threads may use it; it solves for one of them at a time, and the
 * others wait. For more at a time, give it lists, and a batch as large as they are.
 *
 * <pre>{@code
 * try (var trm = Trm.load(Path.of("model.safetensors"))) {
 *     int[] answer = trm.solve(tokens).tokens();
 * }
 * }</pre>
 */
public final class Trm implements AutoCloseable {

    private final TrmConfig config;
    private final Solver solver;
    /** Held by whoever solves or closes: a solver has room for the puzzles of one. */
    private final Lock lock = new ReentrantLock();
    private boolean closed;

    private Trm(Checkpoint checkpoint, Device device, int batch) {
        config = checkpoint.config();
        solver = new Solver(device, config, checkpoint.train().loss(), batch, checkpoint.tensors());
    }

    /**
     * Loads a model that solves one puzzle at a time, on the processor.
     *
     * @param checkpoint a {@code .safetensors} file as training writes it
     * @throws trm4j.model.file.CheckpointException if it cannot be read
     */
    public static Trm load(Path checkpoint) {
        return load(checkpoint, Devices.named("cpu"), 1);
    }

    /**
     * Loads a model for a device.
     *
     * @param device see {@link Devices#named}
     * @param batch puzzles that are solved at the same time, at least 1; the more, the faster are long lists
     * @throws trm4j.model.file.CheckpointException if the checkpoint cannot be read
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     */
    public static Trm load(Path checkpoint, Device device, int batch) {
        return new Trm(Checkpoint.load(checkpoint), device, batch);
    }

    /** Returns the architecture, with the sizes of the puzzles that it takes. */
    public TrmConfig config() {
        return config;
    }

    /** Solves a puzzle in as many supervision steps as the model asks for, at most those of its training. */
    public Solution solve(int[] tokens) {
        return solve(List.of(tokens)).getFirst();
    }

    /**
     * Solves puzzles that belong to no task, each in as many supervision steps as the model asks for, at most those
     * of its training.
     *
     * @param puzzles tokens [L] of each, in [0, V)
     * @return the solutions in the same order
     */
    public List<Solution> solve(List<int[]> puzzles) {
        return solve(puzzles.stream().map(Trm::unlabelled).toList(), config.haltMaxSteps(), true);
    }

    /**
     * Solves puzzles.
     *
     * @param steps supervision steps at most; more than in training is more time to think
     * @param halting whether a puzzle is done as soon as the model says so
     * @return the solutions in the same order
     * @throws IllegalArgumentException if a puzzle is not of the model's sizes
     * @throws IllegalStateException if this is closed
     */
    public List<Solution> solve(List<Example> puzzles, int steps, boolean halting) {
        puzzles.forEach(this::requireFit);
        var solutions = new Solution[puzzles.size()];
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The model is closed; load it again to solve more puzzles.");
            }
            new BatchSolver(solver, steps, halting).solve(
                    IntStream.range(0, solutions.length).iterator(), puzzles::get,
                    (number, puzzle, solution) -> solutions[number] = solution);
        } finally {
            lock.unlock();
        }
        return List.of(solutions);
    }

    private static Example unlabelled(int[] tokens) {
        var labels = new int[tokens.length];
        Arrays.fill(labels, Batch.NO_LABEL);
        return new Example(tokens, labels, 0);
    }

    private void requireFit(Example puzzle) {
        boolean fits = puzzle.inputs().length == config.seqLen()
                && Arrays.stream(puzzle.inputs()).allMatch(token -> token >= 0 && token < config.vocabSize());
        if (!fits) {
            throw new IllegalArgumentException("Expected " + config.seqLen() + " tokens from 0 to "
                    + (config.vocabSize() - 1) + ", found " + Arrays.toString(puzzle.inputs()));
        }
        if (puzzle.puzzleIdentifier() < 0
                || config.puzzleEmbNdim() > 0 && puzzle.puzzleIdentifier() >= config.numPuzzleIdentifiers()) {
            throw new IllegalArgumentException("Expected a puzzle identifier below " + config.numPuzzleIdentifiers()
                    + ", found " + puzzle.puzzleIdentifier());
        }
    }

    /** Gives the device's memory back, once nobody solves any more; closing again does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                solver.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
