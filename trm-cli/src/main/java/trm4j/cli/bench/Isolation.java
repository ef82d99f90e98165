package trm4j.cli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;

/**
 * Takes operations out of a model's buffers and gives each operand a buffer of just its size, which operations
 * share. What worked in place still does. Two operations of one kind, with the same shapes, then are equal.
 */
final class Isolation {

    private record Size(ElementType type, int elements) {}

    private record Place(Buffer buffer, int offset, Index index) {}

    private final Map<Size, List<Buffer>> buffers = new HashMap<>();

    /** Returns the same operation, alone. */
    Operation of(Operation operation) {
        return operation.map(new Operands()::at);
    }

    /** The operands of one operation. */
    private final class Operands {

        private final Map<Place, Tensor> moved = new HashMap<>();
        private final Map<Size, Integer> taken = new HashMap<>();

        private Tensor at(Tensor t) {
            int[] dimensions = t.shape().dimensions().stream().mapToInt(d -> d).toArray();
            return moved.computeIfAbsent(new Place(t.buffer(), t.offset(), t.index()), _ -> next(t)).as(dimensions);
        }

        private Tensor next(Tensor t) {
            var size = new Size(t.type(), t.size());
            int number = taken.merge(size, 1, Integer::sum) - 1;
            var known = buffers.computeIfAbsent(size, _ -> new ArrayList<>());
            if (number == known.size()) {
                var name = "operand " + number;
                known.add(Buffer.of(name, size.type, size.elements));
            }
            return known.get(number).all();
        }
    }
}
