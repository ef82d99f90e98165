package trm4j.kernels.cpu;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceProvider;

/** The cpu device, which is always there. */
public final class CpuProvider implements DeviceProvider {

    @Override
    public String family() {
        return CpuDevice.NAME;
    }

    @Override
    public List<String> names() {
        return List.of(CpuDevice.NAME);
    }

    @Override
    public List<Device> devices() {
        Jvm.requireVectors();
        return List.of(new CpuDevice());
    }

    @Override
    public Optional<Device> find(String name) {
        return name.equals(CpuDevice.NAME) ? Optional.of(devices().getFirst()) : Optional.empty();
    }
}
