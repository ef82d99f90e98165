package trm4j.kernels.tornado;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;

/** Floats in scratch space that stand in for an operation's tensors. Where the space lies is not known at first. */
final class StandIns {

    /** Tensors begin at multiples of this many floats, as buffers do. */
    private static final int ALIGNMENT = 32;

    private final Map<Tensor, Buffer> buffers = new HashMap<>();
    private final Map<Buffer, Integer> places = new IdentityHashMap<>();
    private int size;

    /** Returns what stands in for a tensor: the same where only the shape is another. */
    Tensor of(Tensor tensor) {
        return buffers.computeIfAbsent(flat(tensor), this::add).all().as(dimensions(tensor));
    }

    private Buffer add(Tensor tensor) {
        var buffer = Buffer.floats(tensor.buffer().name(), tensor.size());
        places.put(buffer, size);
        size = Math.addExact(size, Math.multiplyExact(Math.ceilDiv(tensor.size(), ALIGNMENT), ALIGNMENT));
        return buffer;
    }

    /** Returns the elements of all. */
    int size() {
        return size;
    }

    /** Returns the part of the space that a stand-in is; any other tensor is itself. */
    Tensor in(Tensor space, Tensor tensor) {
        var place = places.get(tensor.buffer());
        return place == null ? tensor : space.part(place + tensor.offset(), dimensions(tensor));
    }

    /** Returns all elements in one dimension. */
    static Tensor flat(Tensor tensor) {
        return tensor.as(tensor.size());
    }

    static int[] dimensions(Tensor tensor) {
        return tensor.shape().dimensions().stream().mapToInt(d -> d).toArray();
    }
}
