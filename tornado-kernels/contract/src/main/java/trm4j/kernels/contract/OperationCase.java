package trm4j.kernels.contract;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;

/** One way to use an operation. Implemented by records: what they hold tells one case from another. */
public interface OperationCase {

    /** Returns its numbers, before and after. */
    Setup setup();

    /** Returns the sort of cases that it is one of. */
    default Class<?> sort() {
        return getClass();
    }

    /**
     * The operands, and the operations on them once they have their places.
     *
     * @param operands one that serves twice may stand here twice
     */
    record Setup(List<Operand> operands, Function<Places, List<Operation>> operations) {

        public Setup {
            operands = operands.stream().distinct().toList();
        }

        static Setup of(Function<Places, Operation> operation, Operand... operands) {
            return new Setup(List.of(operands), places -> List.of(operation.apply(places)));
        }

        /** Returns the operations, with each operand in a buffer of its own. */
        public List<Operation> alone() {
            var tensors = new IdentityHashMap<Operand, Tensor>();
            return operations.apply(operand -> tensors.computeIfAbsent(operand, Setup::alone));
        }

        static Tensor alone(Operand operand) {
            int[] dimensions = operand.shape().dimensions().stream().mapToInt(d -> d).toArray();
            return Buffer.of(operand.name(), operand.type(), dimensions).all();
        }

        /** Returns the elements of all operands. */
        public int size() {
            return operands.stream().mapToInt(Operand::size).sum();
        }
    }

    /** Tells where each operand lies. */
    @FunctionalInterface
    interface Places {
        Tensor of(Operand operand);
    }
}
