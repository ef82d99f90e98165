package trm4j.cli.bench;

import java.util.SplittableRandom;
import trm4j.kernels.device.Device;
import trm4j.model.Batch;
import trm4j.model.SolvingPlan;
import trm4j.model.TrainingPlan;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

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
        long before = heap();
        long start = System.nanoTime();
        var plan = new TrainingPlan(device, arch, train);
        try (var trainer = plan.open(STEPS, weights, seed)) {
            double compile = (System.nanoTime() - start) * 1e-9;
            return result(() -> trainer.step(batch), compile, plan.bytes(), before);
        }
    }

    Result evaluation() {
        var weights = new Parameters(arch).initialize(seed);
        var batch = batch();
        long before = heap();
        long start = System.nanoTime();
        var plan = new SolvingPlan(device, arch, train.loss(), train.batchSize());
        try (var solver = plan.open(weights)) {
            double compile = (System.nanoTime() - start) * 1e-9;
            solver.start(batch);
            return result(solver::step, compile, plan.bytes(), before);
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
