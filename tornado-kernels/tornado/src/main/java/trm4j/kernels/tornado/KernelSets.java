package trm4j.kernels.tornado;

import java.util.Optional;
import trm4j.kernels.DeviceException;

/** The kernel sets by their names, and which of them a device takes. */
final class KernelSets {

    /** Where users name a set for all devices: a system property, or else a variable of the environment. */
    static final String PROPERTY = "trm.kernels";
    static final String VARIABLE = "TRM_KERNELS";

    private KernelSets() {}

    /**
     * Returns the set of a device: the one that the user named, or else the one that suits it.
     *
     * @param gpu whether the threads of a work-group run side by side
     * @param units how many work-groups run at a time, roughly
     * @throws DeviceException if the user named a set that there is not
     */
    static KernelSet chosen(boolean gpu, int units) {
        var word = Optional.ofNullable(System.getProperty(PROPERTY)).or(
                () -> Optional.ofNullable(System.getenv(VARIABLE)));
        return named(word.orElse(gpu ? GpuKernels.NAME : ProcessorKernels.NAME), units);
    }

    /** Returns the set of a name. */
    static KernelSet named(String name, int units) {
        return switch (name) {
            case PortableKernels.NAME -> new PortableKernels();
            case ProcessorKernels.NAME -> new ProcessorKernels(units);
            case GpuKernels.NAME -> new GpuKernels(units);
            default -> throw new DeviceException("There is no kernel set " + DeviceException.shown(name)
                    + ", expected portable, processor or gpu; change -D" + PROPERTY + " or " + VARIABLE
                    + ", which names the set, or leave it out.");
        };
    }
}
