package trm4j.kernels.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Precision;
import trm4j.kernels.tornado.LibraryDevices;

/** All products of the contract, by a stand-in for cuBLAS that looks at every argument. */
@EnabledIf(value = "trm4j.kernels.nvidia.StandIn#exists", disabledReason = "needs a C compiler, cc")
class CublasProductsTest {

    private static StandIn standIn;
    private static Device device;

    @BeforeAll
    static void open() {
        standIn = StandIn.of(13, Status.SUCCESS);
        device = LibraryDevices.onJvm(new CublasProducts(standIn.cublas(), Precision.FLOAT32));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#products")
    void computes(OperationCase operation) {
        OperationRunner.check(device, operation, Placement.AT_AN_OFFSET);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals("", standIn.complaint());
        assertEquals(0, standIn.liveHandles());
    }
}
