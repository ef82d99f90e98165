package trm4j.kernels.device;

/** What some schedules come to on a device: every buffer and kernel has its place, and nothing is allocated yet. */
public interface Plan {

    /** Returns all bytes that they take on the device, scratch space included. */
    long bytes();

    /**
     * Allocates every buffer, zeroed, and compiles the programs.
     *
     * @throws trm4j.kernels.DeviceException if they take more than the device's {@link DeviceInfo#capacity}, or a
     *     kernel does not compile; nothing stays allocated then
     */
    Execution open();
}
