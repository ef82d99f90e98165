package trm4j.model.net;

import java.util.Optional;
import trm4j.kernels.Buffer;

/**
 * The gradients that the way back leads to.
 *
 * @param weights with respect to the dense weights, laid out like them; none where they are frozen
 * @param rows with respect to the batch's puzzle rows [micro-batches, puzzles, width], if there is a puzzle table
 */
record Gradients(Optional<Buffer> weights, Optional<Buffer> rows) {}
