package trm4j.model;

import trm4j.kernels.Program;

/**
 * Half a layer: state = rmsNorm(state + f(state)). Forward reads the state at {@link Frame#in} and writes
 * the one at {@link Frame#out}, which may be the same; backward reads both, and turns the gradient by the
 * output, in {@link Frame#dState}, into the one by the input.
 */
sealed interface Block permits SelfAttention, SwiGluMlp, TokenMixing {

    Program forward();

    Program backward();
}
