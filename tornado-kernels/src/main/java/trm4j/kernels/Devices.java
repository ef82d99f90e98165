package trm4j.kernels;

import trm4j.kernels.cpu.CpuDevice;

/** The devices by their names. */
public final class Devices {

    private Devices() {}

    /**
     * The device of a name.
     *
     * @throws DeviceException if there is none
     */
    public static Device named(String name) {
        return switch (name) {
            case "cpu" -> new CpuDevice();
            default -> throw new DeviceException("There is no device " + name + ", expected cpu.");
        };
    }
}
