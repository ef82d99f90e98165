package trm4j.kernels.device;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;

/**
 * Operations that always run together, in order. Built once for a configuration, compiled once by a
 * device, run many times with different values of its indices.
 */
public record Program(String name, List<Operation> operations) {

    public Program {
        operations = List.copyOf(operations);
    }

    public Program(String name, Operation... operations) {
        this(name, List.of(operations));
    }

    /** Returns every buffer that an operation reads or writes. */
    public Set<Buffer> buffers() {
        var buffers = new LinkedHashSet<Buffer>();
        tensors().forEach(t -> buffers.add(t.buffer()));
        return buffers;
    }

    /** Returns every index that must be given to run this. */
    public Set<Index> indices() {
        var indices = new LinkedHashSet<Index>();
        tensors().filter(t -> t.index() != null).forEach(t -> indices.add(t.index()));
        return indices;
    }

    private Stream<Tensor> tensors() {
        return operations.stream().flatMap(Operation::tensors);
    }
}
