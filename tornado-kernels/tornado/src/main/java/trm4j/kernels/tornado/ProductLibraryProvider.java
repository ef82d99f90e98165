package trm4j.kernels.tornado;

import java.util.List;
import java.util.ServiceLoader;
import trm4j.kernels.device.Precision;

/**
 * Finds a vendor's library of matrix products. It is named in
 * {@code META-INF/services/trm4j.kernels.tornado.ProductLibraryProvider} on the class path.
 */
public interface ProductLibraryProvider {

    /** Whether its library works on the devices of one of TornadoVM's backends, such as {@code cuda}. */
    boolean suits(String backend);

    /**
     * Finds the library.
     *
     * @throws trm4j.kernels.DeviceException if it is not there or not one that can be used; the sentence says which
     *     library, where it was looked for, and what to do
     */
    ProductLibrary find(Precision precision);

    /** Returns all that are on the class path. */
    static List<ProductLibraryProvider> all() {
        return ServiceLoader.load(ProductLibraryProvider.class, ProductLibraryProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
