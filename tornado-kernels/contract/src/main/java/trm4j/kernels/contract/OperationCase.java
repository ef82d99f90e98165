package trm4j.kernels.contract;

import java.util.List;
import java.util.function.Function;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;

/** One way to use an operation. Implemented by records: what they hold tells one case from another. */
public interface OperationCase {

    /** Its numbers, before and after. */
    Setup setup();

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

        int size() {
            return operands.stream().mapToInt(Operand::size).sum();
        }
    }

    /** Where each operand lies. */
    @FunctionalInterface
    interface Places {
        Tensor of(Operand operand);
    }
}
