package trm4j.kernels.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;

/**
 * The functions of cuBLAS that are called, as {@code cublas_api.h} has them from version 11 on, and the one of the
 * CUDA driver that says which context a thread works in.
 */
final class Cublas {

    private static final int OLDEST = 11;
    /** {@code libraryPropertyType}. */
    private static final int MAJOR = 0, MINOR = 1, PATCH = 2;
    /** {@code cublasOperation_t}, {@code cudaDataType} and {@code cublasGemmAlgo_t}. */
    private static final int OP_N = 0, OP_T = 1, R_32F = 0, R_16BF = 14, DEFAULT_ALGORITHM = -1;
    /** {@code CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION}: sums in parts are floats, whatever C is. */
    private static final int FLOAT_SUMS = 16;

    private final MethodHandle property;
    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle setStream;
    private final MethodHandle setMathMode;
    private final MethodHandle gemm;
    private final MethodHandle gemmBatched;
    private final MethodHandle setContext;
    private final MemorySegment zero = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 0);
    private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 1);
    private final String version;

    /**
     * Binds the functions.
     *
     * @param library cuBLAS
     * @param driver the CUDA driver
     * @throws DeviceException if a function is missing, or the version is one that takes other arguments
     */
    Cublas(SymbolLookup library, SymbolLookup driver) {
        property = function(library, "cublasGetProperty", JAVA_INT, ADDRESS);
        int major = property(MAJOR);
        version = major + "." + property(MINOR) + "." + property(PATCH);
        if (major < OLDEST) {
            throw new DeviceException("NVIDIA's cuBLAS is version " + version + ", expected " + OLDEST
                    + " or newer; install a newer CUDA toolkit, or name another file in " + LibraryFile.VARIABLE + ".");
        }
        create = function(library, "cublasCreate_v2", ADDRESS);
        destroy = function(library, "cublasDestroy_v2", ADDRESS);
        setStream = function(library, "cublasSetStream_v2", ADDRESS, ADDRESS);
        setMathMode = function(library, "cublasSetMathMode", ADDRESS, JAVA_INT);
        gemm = function(
                library, "cublasGemmEx", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS,
                JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT);
        gemmBatched = function(
                library, "cublasGemmStridedBatchedEx", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS,
                ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);
        setContext = function(driver, "cuCtxSetCurrent", ADDRESS);
    }

    /** A function that returns a status. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... parameters) {
        var symbol = library.find(name).orElseThrow(() -> new DeviceException("NVIDIA's cuBLAS has no function " + name
                + ", expected one of version " + OLDEST + " or newer; install a newer CUDA toolkit, or name another file"
                + " in " + LibraryFile.VARIABLE + "."));
        return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    private int property(int which) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(JAVA_INT);
            require((int) property.invokeExact(which, value), "tell its version");
            return value.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    String version() {
        return version;
    }

    /** Makes a handle whose work goes to a stream of a context. */
    MemorySegment create(long context, long stream) {
        use(context);
        try (var arena = Arena.ofConfined()) {
            var made = arena.allocate(ADDRESS);
            require((int) create.invokeExact(made), "start (it may be newer than the driver; TRM_CUBLAS names another)");
            var handle = made.get(ADDRESS, 0);
            try {
                require((int) setStream.invokeExact(handle, MemorySegment.ofAddress(stream)), "take the stream");
                require((int) setMathMode.invokeExact(handle, FLOAT_SUMS), "add up in float32");
            } catch (DeviceException e) {
                destroy(handle);
                throw e;
            }
            return handle;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void destroy(MemorySegment handle) {
        try {
            require((int) destroy.invokeExact(handle), "stop");
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Has this thread work in a context, whichever thread it is. */
    void use(long context) {
        try {
            int status = (int) setContext.invokeExact(MemorySegment.ofAddress(context));
            if (status != 0) {
                throw new DeviceException("The CUDA driver refused TornadoVM's context (CUresult " + status
                        + "); leave cuBLAS out with TRM_KERNELS=gpu.");
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Puts a call into the handle's stream.
     *
     * @param compute a {@code cublasComputeType_t}
     * @param what the product, for messages
     */
    void gemm(MemorySegment handle, Gemm g, int compute, String what) {
        var a = MemorySegment.ofAddress(g.a());
        var b = MemorySegment.ofAddress(g.b());
        var c = MemorySegment.ofAddress(g.c());
        var beta = g.accumulate() ? one : zero;
        int transposeA = g.transposeA() ? OP_T : OP_N;
        int transposeB = g.transposeB() ? OP_T : OP_N;
        int factors = type(g.factors());
        int result = type(g.result());
        try {
            int status = g.count() == 1
                    ? (int) gemm.invokeExact(
                            handle, transposeA, transposeB, g.m(), g.n(), g.k(), one, a, factors, g.lda(), b, factors,
                            g.ldb(), beta, c, result, g.ldc(), compute, DEFAULT_ALGORITHM)
                    : (int) gemmBatched.invokeExact(
                            handle, transposeA, transposeB, g.m(), g.n(), g.k(), one, a, factors, g.lda(), g.strideA(),
                            b, factors, g.ldb(), g.strideB(), beta, c, result, g.ldc(), g.strideC(), g.count(),
                            compute, DEFAULT_ALGORITHM);
            require(status, "multiply " + what);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A {@code cudaDataType}. */
    private static int type(ElementType type) {
        return type == ElementType.BF16 ? R_16BF : R_32F;
    }

    private static void require(int status, String what) {
        if (status != Status.SUCCESS) {
            throw new DeviceException("NVIDIA's cuBLAS could not " + what + ", it said " + Status.told(status)
                    + "; leave it out with TRM_KERNELS=gpu.");
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
