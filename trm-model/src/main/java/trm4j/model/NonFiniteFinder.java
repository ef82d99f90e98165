package trm4j.model;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Execution;
import trm4j.model.net.Parameters;

/**
 * Finds the tensors that have numbers which are not finite.
 *
 * @param parameters the layout of the flat buffers
 * @param flat the buffers that hold the dense weights, or something of the same layout
 */
record NonFiniteFinder(Parameters parameters, List<Buffer> flat) {

    /** Returns the name of the first tensor that has one, reading one buffer at a time. */
    Optional<String> firstIn(List<Buffer> buffers, Execution execution) {
        return buffers.stream()
                .filter(buffer -> buffer.type() != ElementType.I32)
                .flatMap(buffer -> in(buffer, execution.floats(buffer)).stream())
                .findFirst();
    }

    /** Returns the name of the tensor that has one among a buffer's values. */
    Optional<String> in(Buffer buffer, float[] values) {
        int at = indexIn(values);
        if (at < 0) {
            return Optional.empty();
        }
        return Optional.of(flat.contains(buffer) ? buffer.name() + " of " + parameters.nameAt(at) : buffer.name());
    }

    /** Returns the place of the first number that is not finite; -1 if all are. */
    static int indexIn(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }
}
