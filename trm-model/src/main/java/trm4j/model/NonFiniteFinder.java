package trm4j.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /**
     * A tensor that has one.
     *
     * @param place of its buffer, among those that were looked at
     */
    record Found(int place, String name) {}

    /** Finds the first tensor that has one, reading one buffer at a time. */
    Optional<Found> firstIn(List<Buffer> buffers, Execution execution) {
        return IntStream.range(0, buffers.size())
                .boxed()
                .filter(place -> buffers.get(place).type() != ElementType.I32)
                .flatMap(place -> in(buffers.get(place), execution.floats(buffers.get(place))).stream()
                        .map(name -> new Found(place, name)))
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
