package trm4j.kernels.own;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceProvider;
import trm4j.kernels.device.Devices;

/** The cpu device, checked. */
public final class CheckedProvider implements DeviceProvider {

    private static final String NAME = "checked";

    @Override
    public String family() {
        return NAME;
    }

    @Override
    public List<String> names() {
        return List.of(NAME);
    }

    @Override
    public List<Device> devices() {
        return List.of(watching(Devices.named("cpu")));
    }

    @Override
    public Optional<Device> find(String name) {
        return name.equals(NAME) ? Optional.of(devices().getFirst()) : Optional.empty();
    }

    static Device watching(Device other) {
        return new CheckedDevice(NAME, other.info(), other);
    }
}
