package trm4j.model.net;

import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Execution;
import trm4j.kernels.op.GaussianNoise;

/**
 * Numbers from a normal distribution that training draws. Which they are depends on the seed, the slot of the batch,
 * the training step, what they are drawn for and the element alone: neither on the micro-batches and the processes that
 * share them, nor on the device's threads, nor on whether the run was interrupted.
 */
public final class TrainingNoise {

    private final Buffer key;
    private final Buffer deviation;
    /** [micro-batches * draws, puzzles, 3], I32. */
    private final Buffer counters;
    private final float std;
    private final int first;
    private final int micro;
    private final int draws;
    private final int word;
    /** Chooses among the draws of a micro-batch, and those of the micro-batches before. */
    private final Index draw;

    /**
     * Makes the buffers.
     *
     * @param std standard deviation, above 0
     * @param first the number of the first puzzle in the whole batch, of which others may compute a part
     * @param micros micro-batches
     * @param micro puzzles in a micro-batch
     * @param draws how often numbers are drawn in a step, for each puzzle
     * @param word what the first of them is drawn for; the others count on from it
     */
    TrainingNoise(String name, double std, int first, int micros, int micro, int draws, int word) {
        this.std = (float) std;
        this.first = first;
        this.micro = micro;
        this.draws = draws;
        this.word = word;
        key = Buffer.ints(name + ".key", GaussianNoise.KEYS);
        deviation = Buffer.floats(name + ".deviation", 1);
        counters = Buffer.ints(name + ".counters", micros * draws, micro, GaussianNoise.COUNTERS);
        draw = new Index(name, micros * draws);
    }

    /** Returns what chooses the draw: its number in a micro-batch, after those of the micro-batches before. */
    Index draw() {
        return draw;
    }

    /**
     * Returns the operation that adds numbers of the draw that {@link #draw} chooses.
     *
     * @param x [puzzles, n]
     */
    GaussianNoise of(Tensor x) {
        return new GaussianNoise(key.all(), counters.at(draw), deviation.all(), x);
    }

    /**
     * Returns the operation that adds numbers of one draw.
     *
     * @param x [puzzles, n]
     */
    GaussianNoise of(int draw, Tensor x) {
        return new GaussianNoise(key.all(), counters.at(draw), deviation.all(), x);
    }

    /** Writes what stays the same in all steps. */
    public void seed(Execution execution, long seed) {
        execution.write(key, new int[] {(int) seed, (int) (seed >>> 32)});
        execution.write(deviation, new float[] {std});
    }

    /** Writes what numbers are drawn for in a step. */
    public void step(Execution execution, long step) {
        var words = new int[counters.size()];
        for (int row = 0; row < words.length / GaussianNoise.COUNTERS; row++) {
            int part = row / micro;
            words[GaussianNoise.COUNTERS * row] = first + part / draws * micro + row % micro;
            words[GaussianNoise.COUNTERS * row + 1] = (int) step;
            words[GaussianNoise.COUNTERS * row + 2] = word + part % draws;
        }
        execution.write(counters, words);
    }
}
