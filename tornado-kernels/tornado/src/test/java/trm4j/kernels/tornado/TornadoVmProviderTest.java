package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Devices;

class TornadoVmProviderTest {

    private final TornadoVmProvider provider = new TornadoVmProvider();

    @Test
    void isOneOfTheFamilies() {
        assertTrue(Devices.providers().stream().anyMatch(found -> found.family().equals("tornado")));
    }

    /** Without a GPU and without a cpu device, there is nothing for auto to choose. */
    @Test
    void aProcessorThatRunsKernelsIsNeverChosenUnasked() {
        boolean any = provider.devices().stream().anyMatch(d -> d.info().kind() == DeviceInfo.Kind.GPU);
        if (any) {
            assertEquals(DeviceInfo.Kind.GPU, Devices.named("auto").info().kind());
        } else {
            assertThrows(DeviceException.class, () -> Devices.named("auto"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cpu:0", "tornado:", "tornado:-1", "opencl:x", "OPENCL", "auto:1"})
    void otherNamesAreRefusedWithThoseThereAre(String name) {
        assertEquals(Optional.empty(), provider.find(name));
        var refusal = assertThrows(DeviceException.class, () -> Devices.named(name));
        assertTrue(refusal.getMessage().endsWith(
                "expected one of auto, tornado[:N], opencl[:N], cuda[:N], ptx[:N], spirv[:N], metal[:N]."),
                refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tornado", "tornado:1", "opencl", "cuda:0", "ptx", "spirv", "metal"})
    void withoutTornadoVmItsDevicesAreRefusedWithWhatToInstall(String name) {
        assumeTrue(provider.devices().isEmpty(), "TornadoVM is here");
        var refusal = assertThrows(DeviceException.class, () -> provider.find(name));
        assertTrue(refusal.getMessage().startsWith("Device " + name + ": TornadoVM was not found; install its SDK"),
                refusal.getMessage());
        assertTrue(provider.absence().orElseThrow().startsWith("TornadoVM was not found; install its SDK"));
    }
}
