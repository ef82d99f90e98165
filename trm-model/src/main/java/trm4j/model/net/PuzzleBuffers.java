package trm4j.model.net;

import trm4j.kernels.Buffer;
import trm4j.model.config.TrmConfig;

/**
 * The buffers that hold the puzzles that a device works on, in micro-batches.
 *
 * @param inputs [micro-batches, puzzles, L], as are the labels
 * @param identifiers [micro-batches, puzzles]
 */
public record PuzzleBuffers(Buffer inputs, Buffer labels, Buffer identifiers) {

    static PuzzleBuffers of(String name, TrmConfig config, int microBatches, int puzzles) {
        return new PuzzleBuffers(
                Buffer.ints(name + ".inputs", microBatches, puzzles, config.seqLen()),
                Buffer.ints(name + ".labels", microBatches, puzzles, config.seqLen()),
                Buffer.ints(name + ".identifiers", microBatches, puzzles));
    }
}
