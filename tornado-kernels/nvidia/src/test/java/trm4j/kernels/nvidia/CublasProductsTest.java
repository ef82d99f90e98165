package trm4j.kernels.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.device.Precision;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.tornado.LibraryDevices;

/** All products of the contract, by a stand-in for cuBLAS that looks at every argument. */
@EnabledIf(value = "trm4j.kernels.nvidia.StandIn#exists", disabledReason = "needs a C compiler, cc")
class CublasProductsTest {

    private final StandIn standIn = StandIn.of(13, Status.SUCCESS);

    static Stream<OperationCase> products() {
        return Cases.all().filter(c -> c.setup().alone().stream().allMatch(MatMul.class::isInstance));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void computes(OperationCase operation) {
        var library = new CublasProducts(standIn.cublas(), Precision.FLOAT32);
        OperationRunner.check(LibraryDevices.onJvm(library), operation, Placement.AT_AN_INDEX);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals("", standIn.complaint());
        assertEquals(0, standIn.liveHandles());
    }
}
