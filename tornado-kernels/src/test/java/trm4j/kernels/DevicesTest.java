package trm4j.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.tornado.TornadoVmDevice;

class DevicesTest {

    @Test
    void cpuIsAlwaysThere() {
        assertEquals("cpu", Devices.named("cpu").name());
    }

    /** And a processor that runs kernels is never chosen unasked. */
    @Test
    void autoIsAGpuOrElseCpu() {
        var chosen = Devices.named("auto");
        boolean any = Devices.tornado().stream().anyMatch(TornadoVmDevice::isGpu);
        assertEquals(any, !chosen.name().equals("cpu"));
        assertTrue(!(chosen instanceof TornadoVmDevice device) || device.isGpu());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cpu:0", "tornado:", "tornado:-1", "opencl:x", "OPENCL", "auto:1"})
    void otherNamesAreRefusedWithThoseThereAre(String name) {
        var refusal = assertThrows(DeviceException.class, () -> Devices.named(name));
        assertTrue(refusal.getMessage().contains("expected one of cpu, auto, tornado[:N], opencl[:N]"),
                refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tornado", "tornado:1", "opencl", "cuda:0", "ptx", "spirv", "metal"})
    void withoutTornadoVmItsDevicesAreRefusedWithWhatToInstall(String name) {
        assumeTrue(Devices.tornado().isEmpty(), "TornadoVM is here");
        var refusal = assertThrows(DeviceException.class, () -> Devices.named(name));
        assertTrue(refusal.getMessage().startsWith("Device " + name + ": TornadoVM was not found; install its SDK"),
                refusal.getMessage());
    }
}
