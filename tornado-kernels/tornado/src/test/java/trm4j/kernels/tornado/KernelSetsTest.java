package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
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
