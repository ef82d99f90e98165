package trm4j.kernels.nvidia;

import java.lang.foreign.MemorySegment;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Precision;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.tornado.ProductLibrary;

/** Products by cuBLAS in device memory: of floats, computed in a precision, and of numbers of bfloat16. */
record CublasProducts(Cublas cublas, Precision precision) implements ProductLibrary {

    @Override
    public String description() {
        return "cuBLAS " + cublas.version() + " in " + precision;
    }

    @Override
    public int parts(MatMul product) {
        return Gemm.parts(product);
    }

    /** The {@code cublasComputeType_t}: how factors are rounded if they are floats; sums are float32 in all. */
    private int compute(MatMul product) {
        return switch (product.a().type() == ElementType.BF16 ? Precision.FLOAT32 : precision) {
            case FLOAT32 -> 68; // CUBLAS_COMPUTE_32F
            case TF32 -> 77; // CUBLAS_COMPUTE_32F_FAST_TF32
            case BF16 -> 75; // CUBLAS_COMPUTE_32F_FAST_16BF
        };
    }

    @Override
    public Session open(long context, long stream) {
        var handle = cublas.create(context, stream);
        return new HandleSession(this, context, handle);
    }

    /** A handle, in the stream of one execution. */
    private record HandleSession(CublasProducts products, long context, MemorySegment handle) implements Session {

        @Override
        public void enqueue(MatMul product, long memory, long a, long b, long c) {
            var cublas = products.cublas;
            cublas.use(context);
            for (var call : Gemm.of(product, memory + a, memory + b, memory + c)) {
                cublas.gemm(handle, call, products.compute(product), product.size());
            }
        }

        @Override
        public void close() {
            products.cublas.use(context);
            products.cublas.destroy(handle);
        }
    }
}
