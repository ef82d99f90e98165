package trm4j.kernels.tornado;

import java.util.Optional;
import trm4j.kernels.op.Operation;

/**
 * Knows which kernels do which operation. A device has one set, chosen when the device is made
 * ({@link KernelSets#chosen}); no kernel asks what it runs on.
 *
 * <p>To add a set, such as one that calls a vendor's libraries: implement this interface with a {@code switch} over the
 * operations that it does its own way, and have all others done by another set, as {@link GpuKernels} does; give it a
 * name in {@link KernelSets}, and say there which devices take it. {@code KernelsOnJvmTest} and
 * {@code TornadoVmDeviceTest} run the cases of all operations on a set.
 */
interface KernelSet {

    /** Returns the set's name, as in {@code -Dtrm.kernels}. */
    String name();

    /** Returns how the set does an operation, or nothing if it has no kernels for it. */
    Optional<Recipe> recipe(Operation operation);

    /**
     * Returns how the set does an operation on floats whose values are numbers of bfloat16: what it comes to on the way
     * is rounded where an operation's kernel knows of something that is.
     */
    default Optional<Recipe> rounding(Operation operation) {
        return recipe(operation);
    }

    /**
     * Tells whether the device is to go on in the table of calls after each operation, by a kernel more. Then kernels
     * of one kind have the same place compiled in wherever they stand in a program, so that drivers that compile slowly
     * and know what they have compiled do it once.
     */
    default boolean goesOnAfterEach() {
        return false;
    }

    /** Tells whether its kernels name vectors of neighbours, as processors want it. */
    default boolean namesVectors() {
        return false;
    }

    /** Returns how numbers of bfloat16 lie in the memory of floats. */
    default Halves halves() {
        return namesVectors() ? Halves.IN_LANES : Halves.IN_ORDER;
    }

    /**
     * Tells whether it multiplies two numbers of bfloat16 as they lie. Then what is set may be of bfloat16 too, rounded
     * once, unless it is a sum over a batch.
     */
    default boolean multipliesHalves() {
        return false;
    }
}
