package trm4j.model.net;

import trm4j.kernels.Buffer;
import trm4j.model.config.TrmConfig;

/**
 * The puzzles that a device works on, in micro-batches.
 *
 * @param inputs [micro-batches, puzzles, L], as are the labels
 * @param identifiers [micro-batches, puzzles]
 */
public record Sequences(Buffer inputs, Buffer labels, Buffer identifiers) {

    static Sequences of(String name, TrmConfig config, int microBatches, int puzzles) {
        return new Sequences(
                Buffer.ints(name + ".inputs", microBatches, puzzles, config.seqLen()),
                Buffer.ints(name + ".labels", microBatches, puzzles, config.seqLen()),
                Buffer.ints(name + ".identifiers", microBatches, puzzles));
    }

    /** Puzzles in all micro-batches. */
    int puzzles() {
        return identifiers.size();
    }
}
