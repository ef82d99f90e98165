package trm4j.kernels.tornado;

import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Precision;

/** Libraries for backends that there are not. */
public final class TestLibraries {

    private TestLibraries() {}

    /** One that is there, for the backend {@code here}. */
    public static final class Here implements ProductLibraryProvider {

        @Override
        public boolean suits(String backend) {
            return backend.equals("here");
        }

        @Override
        public ProductLibrary find(Precision precision) {
            return new PlainProducts();
        }
    }

    /** One that is not, for the backend {@code missing}. */
    public static final class Missing implements ProductLibraryProvider {

        @Override
        public boolean suits(String backend) {
            return backend.equals("missing");
        }

        @Override
        public ProductLibrary find(Precision precision) {
            throw new DeviceException("The library was not found.");
        }
    }
}
