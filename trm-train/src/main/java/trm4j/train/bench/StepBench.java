package trm4j.train.bench;

import java.util.SplittableRandom;
import trm4j.kernels.Device;
import trm4j.model.Batch;
import trm4j.model.Parameters;
import trm4j.model.Solver;
import trm4j.model.TrainConfig;
import trm4j.model.Trainer;
import trm4j.model.TrmConfig;

/** Whole steps of training and of evaluation, on random puzzles. */
record StepBench(Device device, TrmConfig arch, TrainConfig train, long seed, double budget) {

    /** Steps of no run in particular: the learning rate's schedule costs nothing. */
    private static final long STEPS = 1_000_000;

    /**
     * A step as measured.
     *
     * @param time of one step, once it runs as it will go on
     * @param compile seconds until the device was ready, weights in place
     * @param first seconds of the first step
     * @param footprint bytes that were computed beforehand
     * @param heap bytes of the Java heap that it was seen to take
     */
    record Result(Times time, double compile, double first, long footprint, long heap) {}

    Result training() {
        var weights = new Parameters(arch).initialize(seed);
        var batch = batch();
        long footprint = Trainer.footprint(device, arch, train);
        long before = heap();
        long start = System.nanoTime();
        try (var trainer = new Trainer(device, arch, train, STEPS, weights, seed)) {
            double compile = (System.nanoTime() - start) * 1e-9;
            return result(() -> trainer.step(batch), compile, footprint, before);
        }
    }

    Result evaluation() {
        var weights = new Parameters(arch).initialize(seed);
        var batch = batch();
        long footprint = Solver.footprint(device, arch, train.batchSize());
        long before = heap();
        long start = System.nanoTime();
        try (var solver = new Solver(device, arch, train.loss(), train.batchSize(), weights)) {
            double compile = (System.nanoTime() - start) * 1e-9;
            solver.start(batch);
            return result(solver::step, compile, footprint, before);
        }
    }

    private Result result(Runnable step, double compile, long footprint, long before) {
        double first = Times.seconds(step);
        var time = Times.warm(budget, step);
        return new Result(time, compile, first, footprint, Math.max(0, heap() - before));
    }

    private static long heap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private Batch batch() {
        var random = new SplittableRandom(seed);
        int puzzles = train.batchSize();
        int tokens = puzzles * arch.seqLen();
        return new Batch(
                random.ints(tokens, 0, arch.vocabSize()).toArray(), random.ints(tokens, 0, arch.vocabSize()).toArray(),
                random.ints(puzzles, 0, arch.numPuzzleIdentifiers()).toArray());
    }
}
