package trm4j.kernels.device;

import java.util.Optional;

/**
 * What a device is.
 *
 * @param description a few words: a processor's cores and vectors, a GPU's name
 * @param memory bytes of its own memory
 * @param capacity bytes that one execution may take altogether, at most the memory
 * @param workGroup the most threads of a work-group; 0 where there are no work-groups
 * @param caution a sentence that its user should know before waiting for it; nothing if all is well
 */
public record DeviceInfo(
        Kind kind, String description, long memory, long capacity, int workGroup, Optional<String> caution) {

    /** A device of which all is well. */
    public DeviceInfo(Kind kind, String description, long memory, long capacity, int workGroup) {
        this(kind, description, memory, capacity, workGroup, Optional.empty());
    }

    /** What sort of device. */
    public enum Kind {
        /** A processor. */
        CPU,
        /** A graphics processor. */
        GPU
    }
}
