package trm4j.kernels.nvidia;

import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Precision;
import trm4j.kernels.tornado.ProductLibrary;
import trm4j.kernels.tornado.ProductLibraryProvider;

/** Finds cuBLAS for the devices of TornadoVM's CUDA backend, whose memory and streams it works on. */
public final class CublasProvider implements ProductLibraryProvider {

    private static final String DRIVER = System.getProperty("os.name").startsWith("Windows")
            ? "nvcuda.dll"
            : "libcuda.so.1";

    @Override
    public boolean suits(String backend) {
        return backend.equals("cuda");
    }

    @Override
    public ProductLibrary find(Precision precision) {
        var library = LibraryFile.load(System::getenv);
        var driver = LibraryFile.open(DRIVER).orElseThrow(() -> new DeviceException(
                "The CUDA driver was not found, expected " + DRIVER + "; install NVIDIA's driver."));
        return new CublasProducts(new Cublas(library, driver), precision);
    }
}
