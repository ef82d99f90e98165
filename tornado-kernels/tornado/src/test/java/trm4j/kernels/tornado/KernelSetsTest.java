package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Precision;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.MatMul;

class KernelSetsTest {

    private final String before = System.getProperty(KernelSets.PROPERTY);

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(KernelSets.PROPERTY);
        } else {
            System.setProperty(KernelSets.PROPERTY, before);
        }
    }

    private static KernelSets.Choice chosen(String backend, boolean gpu, Precision precision) {
        return KernelSets.chosen(new KernelSets.Target(backend, gpu, 132, precision));
    }

    @ParameterizedTest
    @ValueSource(strings = {"portable", "processor", "gpu"})
    void theUserChoosesForAnyDevice(String name) {
        System.setProperty(KernelSets.PROPERTY, name);
        assertEquals(name, chosen("opencl", true, Precision.FLOAT32).kernels().name());
        assertEquals(name, chosen("opencl", false, Precision.FLOAT32).kernels().name());
    }

    @Test
    void aGpuTakesALibraryWhereThereIsOneForItsBackend() {
        assertEquals("library", chosen("here", true, Precision.BF16).kernels().name());
        assertEquals(Optional.empty(), chosen("here", true, Precision.FLOAT32).caution());
        assertEquals("processor", chosen("here", false, Precision.FLOAT32).kernels().name());
        assertEquals(new KernelSets.Choice(new GpuKernels(132)), chosen("opencl", true, Precision.FLOAT32));
        System.setProperty(KernelSets.PROPERTY, "gpu");
        assertEquals("gpu", chosen("here", true, Precision.FLOAT32).kernels().name());
    }

    /** In float32, kernels do as well, only slower, which is told; there are none for another precision. */
    @Test
    void aLibraryThatIsMissingIsTold() {
        var choice = chosen("missing", true, Precision.FLOAT32);
        assertEquals("gpu", choice.kernels().name());
        assertEquals(
                Optional.of("Products are computed by kernels, not by a faster library. The library was not found."),
                choice.caution());
        var refusal = assertThrows(DeviceException.class, () -> chosen("missing", true, Precision.TF32));
        assertEquals("The library was not found.", refusal.getMessage());
        System.setProperty(KernelSets.PROPERTY, "library");
        assertThrows(DeviceException.class, () -> chosen("missing", true, Precision.FLOAT32));
        refusal = assertThrows(DeviceException.class, () -> chosen("opencl", true, Precision.FLOAT32));
        assertEquals(
                "The kernel set library takes a vendor's library, and there is none for the backend opencl; change"
                        + " -Dtrm.kernels or TRM_KERNELS, which names the set, or take --device cuda.",
                refusal.getMessage());
    }

    @Test
    void kernelsHaveNoOtherPrecision() {
        for (var backend : List.of("opencl", "here")) {
            System.setProperty(KernelSets.PROPERTY, "gpu");
            var refusal = assertThrows(DeviceException.class, () -> chosen(backend, true, Precision.TF32));
            assertEquals(
                    "The kernel set gpu computes products in float32 alone, found tf32 asked for; leave --precision"
                            + " out, or take --device cuda with NVIDIA's cuBLAS installed.",
                    refusal.getMessage());
        }
    }

    @Test
    void otherWordsAreRefusedWithThoseThereAre() {
        System.setProperty(KernelSets.PROPERTY, "cpu");
        var refusal = assertThrows(DeviceException.class, () -> chosen("cuda", true, Precision.FLOAT32));
        assertEquals(
                "There is no kernel set cpu, expected portable, processor, gpu or library; change -Dtrm.kernels or TRM_KERNELS,"
                        + " which names the set, or leave it out.",
                refusal.getMessage());
    }

    @Test
    void anOperationThatASetDoesNotHaveIsRefusedByDeviceAndOperation() {
        var product = new MatMul(
                Buffer.floats("a", 2, 3).all(), false, Buffer.floats("b", 3, 4).all(), false,
                Buffer.floats("c", 2, 4).all(), false);
        var schedule = Schedule.named("multiply").run(new Program("multiply", product)).build();
        var device = new JvmDevice(new PortableKernels());
        var refusal = assertThrows(DeviceException.class, () -> device.plan(List.of(schedule)));
        assertEquals(
                "Device jvm has no kernels for the operation matmul in its kernel set portable; choose another device,"
                        + " or another set (-Dtrm.kernels).",
                refusal.getMessage());
    }
}
