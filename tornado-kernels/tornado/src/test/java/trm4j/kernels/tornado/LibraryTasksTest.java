package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.DeviceException;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.op.MatMul;

/** Library tasks among kernels, as TornadoVM runs them, on a device of OpenCL's; skipped where there is none. */
@EnabledIf(value = "hasDevice", disabledReason = "needs a TornadoVM SDK, named by TORNADOVM_HOME, with OpenCL")
class LibraryTasksTest {

    static boolean hasDevice() {
        return TestDevices.firstTornado().filter(device -> device.name().startsWith("opencl:")).isPresent();
    }

    private static Device device(ProductLibrary library) {
        return TornadoVmProvider.all().getFirst().with(new LibraryKernels(library, new GpuKernels(1)));
    }

    static Stream<OperationCase> products() {
        Supplier<Stream<OperationCase>> some =
                () -> Cases.of(op -> op instanceof MatMul product && product.m() == 8 && product.n() == 32).limit(40);
        return Stream.concat(
                some.get().filter(c -> c.toString().hashCode() % 4 == 0), Cases.rounded(some.get()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void computes(OperationCase operation) {
        OperationRunner.check(device(new OpenClProducts()), operation, Placement.AT_AN_INDEX);
    }

    @Test
    void isCalledInTurnWithThePlacesOfTheCurrentCall() {
        var library = new OpenClProducts();
        LibraryKernelsTest.checkTurns(device(library), library.plain.asked);
        assertEquals("open", library.plain.asked.getFirst());
        assertEquals("close", library.plain.asked.getLast());
        assertEquals(8, library.plain.asked.size());
    }

    /** What the library says comes through as it is. */
    @Test
    void whatTheLibraryRefusesIsTold() {
        var library = new ProductLibrary() {

            @Override
            public String description() {
                return "none";
            }

            @Override
            public int parts(MatMul product) {
                return 1;
            }

            @Override
            public Session open(long context, long stream) {
                throw new DeviceException("The library is tired.");
            }
        };
        var refusal = assertThrows(
                DeviceException.class, () -> LibraryKernelsTest.checkTurns(device(library), List.of()));
        assertEquals("The library is tired.", refusal.getMessage());
        assertTrue(refusal.getCause() == null);
    }
}
