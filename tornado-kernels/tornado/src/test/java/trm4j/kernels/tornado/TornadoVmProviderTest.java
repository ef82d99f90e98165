package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Devices;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

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

    /** The answers of TornadoVM's own classes, which are none of them here. */
    private static <T> T stub(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type},
                (_, method, arguments) -> answers.get(method.getName()).apply(arguments)));
    }

    private static TornadoBackend backend(int devices) {
        var hardware = stub(TornadoTargetDevice.class, Map.of("getDeviceMaxComputeUnits", _ -> 4));
        var device = stub(TornadoDevice.class, Map.of(
                "getPhysicalDevice", _ -> hardware, "getDeviceType", _ -> TornadoDeviceType.CPU));
        return stub(TornadoBackend.class, Map.of("getNumDevices", _ -> devices, "getDevice", _ -> device));
    }

    private static TornadoRuntime runtime(TornadoVMBackendType[] types, TornadoBackend... backends) {
        return stub(TornadoRuntime.class, Map.of(
                "getNumBackends", _ -> backends.length,
                "getBackendType", arguments -> types[(int) arguments[0]],
                "getBackend", arguments -> backends[(int) arguments[0]]));
    }

    @Test
    void aBackendThatFailsDoesNotHideTheOthers() {
        var failing = stub(TornadoBackend.class, Map.of("getNumDevices", _ -> {
            throw new UnsatisfiedLinkError("libcuda.so.1: no such file");
        }));
        var found = FoundDevices.by(runtime(
                new TornadoVMBackendType[] {TornadoVMBackendType.PTX, TornadoVMBackendType.OPENCL}, failing,
                backend(2)));
        assertEquals(List.of("opencl:0", "opencl:1"), found.devices().stream().map(TornadoVmDevice::name).toList());
        assertEquals(
                Optional.of("What TornadoVM could not start: ptx (libcuda.so.1: no such file)."),
                TornadoVmProvider.absence(found));
    }

    /** TornadoVM counts two, and refuses the first. */
    @Test
    void aDeviceThatIsRefusedDoesNotHideTheOthers() {
        var whole = backend(1);
        var half = stub(TornadoBackend.class, Map.of(
                "getNumDevices", _ -> 2,
                "getDevice", number -> {
                    if ((int) number[0] == 0) {
                        throw new IllegalStateException("several kinds");
                    }
                    return whole.getDevice(0);
                }));
        var found = FoundDevices.by(runtime(
                new TornadoVMBackendType[] {TornadoVMBackendType.OPENCL, TornadoVMBackendType.SPIRV}, half, whole));
        assertEquals(List.of("opencl:1", "spirv:0"), found.devices().stream().map(TornadoVmDevice::name).toList());
        assertEquals(
                Optional.of("What TornadoVM could not start: device opencl:0 (several kinds)."),
                TornadoVmProvider.absence(found));
    }

    @ParameterizedTest
    @CsvSource({"ptx, cuda", "spirv:1, opencl"})
    void whatNewerVersionsDoNotHaveIsToldWithWhatToTakeInstead(String name, String instead) {
        assumeTrue(provider.devices().stream().noneMatch(d -> d.name().startsWith(name)), "it is here");
        var refusal = assertThrows(DeviceException.class, () -> provider.find(name));
        assertTrue(
                refusal.getMessage().endsWith("from version 6.0 on: take " + instead + " instead, for the same GPUs."),
                refusal.getMessage());
    }

    @Test
    void whereNoBackendFailsNothingIsTold() {
        var found = FoundDevices.by(
                runtime(new TornadoVMBackendType[] {TornadoVMBackendType.OPENCL}, backend(1)));
        assertEquals(Optional.empty(), TornadoVmProvider.absence(found));
    }

    @Test
    void whereTheOnlyBackendFailsBothAreTold() {
        var failing = stub(TornadoBackend.class, Map.of("getNumDevices", _ -> {
            throw new IllegalStateException("\u001B[31mno platform\u001B[0m");
        }));
        var found = FoundDevices.by(runtime(new TornadoVMBackendType[] {TornadoVMBackendType.OPENCL}, failing));
        assertEquals(
                Optional.of("TornadoVM finds no device; install the device's driver and an SDK with its backend."
                        + " What TornadoVM could not start: opencl (no platform)."),
                TornadoVmProvider.absence(found));
    }

    /** Who asks for a GPU's kernels by a wrong word must not get the cpu instead: the device is there, and says so. */
    @Test
    void aKernelSetThatThereIsNotHidesNoDevice() {
        System.setProperty(KernelSets.PROPERTY, "gpus");
        try {
            var found = FoundDevices.by(
                    runtime(new TornadoVMBackendType[] {TornadoVMBackendType.OPENCL}, backend(1)));
            assertEquals("", found.toldOfRefused());
            var device = found.devices().getFirst();
            var refusal = assertThrows(DeviceException.class, () -> device.plan(List.of()));
            assertTrue(refusal.getMessage().startsWith("There is no kernel set gpus,"), refusal.getMessage());
        } finally {
            System.clearProperty(KernelSets.PROPERTY);
        }
    }
}
