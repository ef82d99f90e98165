package trm4j.kernels.tornado;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;

/** Kernels that are plain parallel loops, by plain Java calls: on every machine. */
class LoopKernelsTest {

    static Stream<OperationCase> loops() {
        return Cases.of(JvmDevice::takes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("loops")
    void computes(OperationCase operation) {
        OperationRunner.check(new JvmDevice(), operation, Placement.values());
    }
}
