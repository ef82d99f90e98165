package trm4j.train.memory;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

/**
 * The memory that something is going to take, and what there is.
 *
 * @param buffers bytes on the device
 * @param copies bytes of arrays on the Java heap beside them
 * @param free bytes that the machine can give the process, {@link Long#MAX_VALUE} where that is not known
 */
public record MemoryNeed(Device device, long buffers, long copies, long free) {

    /** Bytes of what the JVM has beside large arrays: classes, compiled code, threads, small objects. Measured. */
    static final long JVM = 256L << 20;

    /** Works out what a model's buffers need, with a checkpoint's tensors and all dense weights in one array beside. */
    public static MemoryNeed of(Device device, TrmConfig model, long buffers) {
        var parameters = new Parameters(model);
        return new MemoryNeed(
                device, buffers, Float.BYTES * (parameters.trained() + parameters.size()),
                FreeMemory.bytes().orElse(Long.MAX_VALUE));
    }

    /** Returns the same of one of several processes of a machine, all of which take as much. */
    public MemoryNeed among(int processes) {
        return new MemoryNeed(device, buffers, copies, free / processes);
    }

    /**
     * Says what there is too little of, if anything: a verb and what follows it.
     *
     * @param need works it out
     */
    public static Optional<String> shortage(Supplier<MemoryNeed> need) {
        try {
            return need.get().shortage();
        } catch (DeviceException e) {
            return Optional.of(unheld(e));
        }
    }

    /** Says of an array larger than Java has them what {@link #shortage} would: the remedy that follows is another. */
    public static String unheld(DeviceException e) {
        return "cannot be held: " + e.getMessage().replaceFirst(";.*", "");
    }

    /** Says what there is too little of, if anything: a verb and what follows it. */
    public Optional<String> shortage() {
        if (buffers > device.info().capacity()) {
            return Optional.of(String.format(
                    Locale.ROOT, "take %,d MiB, expected at most the %,d MiB of device %s", mebibytes(buffers),
                    mebibytes(device.info().capacity()), device.name()));
        }
        if (process() > free) {
            return Optional.of(String.format(
                    Locale.ROOT, "take %,d MiB, %,d with the rest of the process, expected at most the %,d MiB that "
                            + "this machine has free", mebibytes(buffers), mebibytes(process()), mebibytes(free)));
        }
        return Optional.empty();
    }

    /** Returns the bytes of the whole process; another device's buffers have their like in size on the Java heap. */
    long process() {
        return buffers + copies + JVM;
    }

    /** Says what is taken, of what there is. */
    public String line() {
        return String.format(
                Locale.ROOT, "takes %,d of %,d MiB, the whole process %,d MiB", mebibytes(buffers),
                mebibytes(device.info().capacity()), mebibytes(process()));
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
