package trm4j.kernels.tornado;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;

/** What stands in for an operation's tensors, in scratch space. Where the space lies is not known at first. */
final class StandIns {

    /** Tensors begin at multiples of this many floats, as buffers do. */
    private static final int ALIGNMENT = 32;

    private final Map<Tensor, Buffer> buffers = new HashMap<>();
    private final Map<Buffer, Integer> places = new IdentityHashMap<>();
    private final Map<Buffer, Integer> halves = new IdentityHashMap<>();
    private int size;

    /** Returns the floats that stand in for a tensor: the same where only the shape is another. */
    Tensor of(Tensor tensor) {
        return buffers.computeIfAbsent(flat(tensor), this::add).all().as(dimensions(tensor));
    }

    /** Returns numbers of bfloat16, one after the other, that stand in for a tensor of floats. */
    Tensor halvesOf(Tensor tensor) {
        return buffers.computeIfAbsent(flat(tensor), this::addHalves).all().as(dimensions(tensor));
    }

    private Buffer add(Tensor tensor) {
        var buffer = Buffer.floats(tensor.buffer().name(), tensor.size());
        places.put(buffer, size);
        grow(tensor.size());
        return buffer;
    }

    private Buffer addHalves(Tensor tensor) {
        var buffer = Buffer.of(tensor.buffer().name(), ElementType.BF16, tensor.size());
        halves.put(buffer, size);
        grow(Halves.IN_ORDER.words(tensor.size()));
        return buffer;
    }

    private void grow(int floats) {
        size = Math.addExact(size, Math.multiplyExact(Math.ceilDiv(floats, ALIGNMENT), ALIGNMENT));
    }

    /** Returns the elements of all. */
    int size() {
        return size;
    }

    /** Returns the numbers of bfloat16 in the space, with the floats before them. */
    Map<Buffer, Integer> halves() {
        return halves;
    }

    /** Returns the part of the space that floats are which stand in; any other tensor is itself. */
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
