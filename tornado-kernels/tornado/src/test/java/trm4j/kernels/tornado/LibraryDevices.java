package trm4j.kernels.tornado;

import trm4j.kernels.device.Device;

/** Devices to test a library on that takes the place of kernels. */
public final class LibraryDevices {

    private LibraryDevices() {}

    /** Returns a device that runs kernels as Java methods, and has products done by a library on the host's memory. */
    public static Device onJvm(ProductLibrary library) {
        return new JvmDevice(new LibraryKernels(library, new GpuKernels(1)));
    }
}
