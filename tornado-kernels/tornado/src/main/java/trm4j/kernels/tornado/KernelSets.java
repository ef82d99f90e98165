package trm4j.kernels.tornado;

import java.util.Optional;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Precision;

/** The kernel sets by their names, and which of them a device takes. */
final class KernelSets {

    /** Where users name a set for all devices: a system property, or else a variable of the environment. */
    static final String PROPERTY = "trm.kernels";
    static final String VARIABLE = "TRM_KERNELS";

    private KernelSets() {}

    /**
     * What a set is chosen for.
     *
     * @param backend TornadoVM's, such as {@code cuda}
     * @param gpu whether the threads of a work-group run side by side
     * @param units how many work-groups run at a time, roughly
     * @param precision of products
     */
    record Target(String backend, boolean gpu, int units, Precision precision) {

        Target with(Precision other) {
            return new Target(backend, gpu, units, other);
        }
    }

    /**
     * A set, and why it is not a better one.
     *
     * @param caution what its user should know, if anything
     */
    record Choice(KernelSet kernels, Optional<String> caution) {

        Choice(KernelSet kernels) {
            this(kernels, Optional.empty());
        }
    }

    /**
     * Returns the set of a device: the one that the user named, or else the one that suits it. That is a vendor's
     * library where there is one for the backend.
     *
     * @throws DeviceException if the user named a set that there is not, or the set has not the precision
     */
    static Choice chosen(Target target) {
        var word = Optional.ofNullable(System.getProperty(PROPERTY)).or(
                () -> Optional.ofNullable(System.getenv(VARIABLE)));
        var choice = word.map(named -> new Choice(named(named, target))).orElseGet(() -> suited(target));
        if (target.precision != Precision.FLOAT32 && !choice.kernels.name().equals(LibraryKernels.NAME)) {
            throw new DeviceException("The kernel set " + choice.kernels.name() + " computes products in "
                    + Precision.FLOAT32 + " alone, found " + target.precision
                    + " asked for; leave --precision out, or take --device cuda with NVIDIA's cuBLAS installed.");
        }
        return choice;
    }

    private static Choice suited(Target target) {
        if (!target.gpu) {
            return new Choice(new ProcessorKernels(target.units));
        }
        var provider = provider(target);
        if (provider.isEmpty()) {
            return new Choice(new GpuKernels(target.units));
        }
        try {
            return new Choice(withLibrary(provider.get(), target));
        } catch (DeviceException e) {
            if (target.precision != Precision.FLOAT32) {
                throw e;
            }
            return new Choice(new GpuKernels(target.units), Optional.of(
                    "Products are computed by kernels, not by a faster library. " + e.getMessage()));
        }
    }

    /** Returns the set of a name. */
    static KernelSet named(String name, Target target) {
        return switch (name) {
            case PortableKernels.NAME -> new PortableKernels();
            case ProcessorKernels.NAME -> new ProcessorKernels(target.units);
            case GpuKernels.NAME -> new GpuKernels(target.units);
            case LibraryKernels.NAME -> withLibrary(provider(target).orElseThrow(() -> new DeviceException(
                    "The kernel set library takes a vendor's library, and there is none for the backend "
                            + target.backend + "; change -D" + PROPERTY + " or " + VARIABLE
                            + ", which names the set, or take --device cuda.")), target);
            default -> throw new DeviceException("There is no kernel set " + DeviceException.shown(name)
                    + ", expected portable, processor, gpu or library; change -D" + PROPERTY + " or " + VARIABLE
                    + ", which names the set, or leave it out.");
        };
    }

    private static Optional<ProductLibraryProvider> provider(Target target) {
        return ProductLibraryProvider.all().stream().filter(found -> found.suits(target.backend)).findFirst();
    }

    private static KernelSet withLibrary(ProductLibraryProvider provider, Target target) {
        return new LibraryKernels(provider.find(target.precision), new GpuKernels(target.units));
    }
}
