package trm4j.kernels.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.contract.Cases;
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

    static Stream<OperationCase> roundedProducts() {
        return Cases.rounded(Cases.products());
    }

    /** Activations and gradients of bfloat16: cuBLAS takes them where they lie, odd places too. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("roundedProducts")
    void computesOnBfloat16(OperationCase operation) {
        StandIn.of(13, Status.SUCCESS);
        OperationRunner.check(device, operation, Placement.AT_AN_OFFSET);
        var calls = standIn.asked().stream().filter(line -> line.contains("compute")).toList();
        assertFalse(calls.isEmpty());
        assertTrue(calls.stream().allMatch(line -> line.contains(" of BF16 ")), calls::toString);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals("", standIn.complaint());
        assertEquals(0, standIn.liveHandles());
    }
}
