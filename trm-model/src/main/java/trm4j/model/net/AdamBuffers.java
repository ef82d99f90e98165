package trm4j.model.net;

import trm4j.kernels.Buffer;

/**
 * What training the dense weights takes beside them, each laid out as they are.
 *
 * @param gradients with respect to the weights
 * @param m Adam's moving average of the gradients
 * @param v that of their squares
 * @param ema the weights' moving average
 */
public record AdamBuffers(Buffer gradients, Buffer m, Buffer v, Buffer ema) {

    static AdamBuffers of(Parameters parameters) {
        int n = parameters.size();
        return new AdamBuffers(
                Buffer.floats("gradients", n), Buffer.floats("m", n), Buffer.floats("v", n), Buffer.floats("ema", n));
    }
}
