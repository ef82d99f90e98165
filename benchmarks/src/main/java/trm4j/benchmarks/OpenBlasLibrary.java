package trm4j.benchmarks;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Loads OpenBLAS, with as many threads as the JVM sees cores, and asks what it is. */
final class OpenBlasLibrary {

    private OpenBlasLibrary() {}

    static void start() {
        Loader.load(openblas_nolapack.class);
        openblas_nolapack.blas_set_num_threads(Runtime.getRuntime().availableProcessors());
    }

    /** Version, kernels and threads. */
    static String description() {
        start();
        return text("openblas_get_config") + ", kernels for " + text("openblas_get_corename") + ", "
                + openblas_nolapack.blas_get_num_threads() + " threads";
    }

    /** What a C function without arguments says; the binding has not got these two. */
    @SuppressWarnings("restricted")
    private static String text(String function) {
        var linker = Linker.nativeLinker();
        var address = MemorySegment.ofAddress(Loader.addressof(function).address());
        try {
            var text = (MemorySegment) linker
                    .downcallHandle(address, FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException(function + " of OpenBLAS failed", e);
        }
    }
}
