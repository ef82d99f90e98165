package trm4j.model.net;

import trm4j.kernels.device.Program;

/**
 * Half a layer: state = rmsNorm(state + f(state)). Forward reads the state at {@link NetBuffers#in} and writes
 * the one at {@link NetBuffers#out}, which may be the same; backward reads both, and turns the gradient with respect to
 * the output, in {@link NetBuffers#dState}, into the one with respect to the input.
 */
sealed interface Block permits SelfAttention, SwiGluMlp, TokenMixing {

    Program forward();

    /** Returns the way back; null where nothing is trained. */
    Program backward();
}
