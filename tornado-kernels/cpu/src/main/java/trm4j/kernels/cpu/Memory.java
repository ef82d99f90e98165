package trm4j.kernels.cpu;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;

/** The buffers' arrays and the indices' places of one execution. */
class Memory {

    private final Map<Buffer, Object> arrays = new IdentityHashMap<>();
    private final Map<Index, Integer> cursors = new LinkedHashMap<>();

    void allocate(Buffer buffer) {
        arrays.computeIfAbsent(
                buffer,
                b -> switch (b.type()) {
                    case F32 -> new float[b.size()];
                    case I32 -> new int[b.size()];
                    case BF16 -> new short[b.size()];
                    default -> throw new DeviceException("Device cpu computes with F32, BF16 and I32, found " + b.type()
                            + " in buffer " + b + "; choose another type.");
                });
    }

    Object array(Buffer buffer) {
        var array = arrays.get(buffer);
        if (array == null) {
            throw new IllegalArgumentException(buffer + " is in none of the schedules this was compiled for");
        }
        return array;
    }

    int cursor(Index index) {
        return cursors.computeIfAbsent(index, i -> cursors.size());
    }

    /** How many indices have a place; at least 1, so that tensors without an index can name one too. */
    int cursors() {
        return Math.max(1, cursors.size());
    }

    View view(Tensor tensor) {
        var index = tensor.index();
        return new View(
                array(tensor.buffer()), tensor.offset(), index == null ? 0 : cursor(index), tensor.stride());
    }
}
