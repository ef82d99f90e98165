package trm4j.kernels.tornado;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/** Kernels and their launches, as Java methods: on every machine. */
class KernelsOnJvmTest {

    /** Multiplications in products that are left to devices; fewer in vectors, which are objects here, and slow. */
    private static final long LARGE = 2_000_000;
    private static final long LARGE_IN_VECTORS = 600_000;

    private static boolean isBelow(long multiplications, Operation operation) {
        return !(operation instanceof MatMul op) || (long) op.batch() * op.m() * op.n() * op.k() < multiplications;
    }

    static Stream<OperationCase> small() {
        var large = Cases.of(op -> !isBelow(LARGE_IN_VECTORS, op)).collect(Collectors.toSet());
        return Cases.all().filter(operation -> !large.contains(operation));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("small")
    void computesWithKernelsForProcessors(OperationCase operation) {
        OperationRunner.check(new JvmDevice(new ProcessorKernels(1)), operation, Placement.values());
    }

    /** What processors do in ways of their own. */
    static Stream<OperationCase> otherOnGpus() {
        return Cases.of(op -> isBelow(LARGE, op) && switch (op) {
            case Attention _, CopyColumns _, FmaChain _, MatMul _, SquareSums _, SwiGlu _ -> true;
            case RmsNorm.Backward norm -> norm.dy().dim(2) > 1;
            case RmsNorm.Forward norm -> norm.x().dim(2) > 1;
            default -> false;
        });
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("otherOnGpus")
    void computesWithKernelsForGpus(OperationCase operation) {
        OperationRunner.check(new JvmDevice(new GpuKernels(132)), operation, Placement.AT_AN_OFFSET);
    }

    static Stream<OperationCase> rounded() {
        return Cases.rounded(Cases.of(op -> isBelow(LARGE_IN_VECTORS, op)));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("rounded")
    void computesInBfloat16(OperationCase operation) {
        OperationRunner.check(
                new JvmDevice(new ProcessorKernels(1)), operation, Placement.ALONE, Placement.AT_AN_INDEX);
    }

    static Stream<OperationCase> ofEachRounded() {
        return Cases.ofEachRounded().values().stream();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofEachRounded")
    void computesInBfloat16WithKernelsForGpus(OperationCase operation) {
        OperationRunner.check(new JvmDevice(new GpuKernels(132)), operation, Placement.AT_AN_OFFSET);
    }

    /** Products that a device of one unit computes in tiles of every size, cut off at their edges. */
    static Stream<OperationCase> wideProducts() {
        return Cases.of(op -> op instanceof MatMul product && isBelow(LARGE, op) && product.m() + product.n() > 100);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("wideProducts")
    void computesWithTilesOfEverySize(OperationCase operation) {
        OperationRunner.check(new JvmDevice(new GpuKernels(1)), operation, Placement.AT_AN_OFFSET);
    }
}
