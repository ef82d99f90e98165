package trm4j.benchmarks;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import trm4j.benchmarks.MatMulSize.Operand;
import trm4j.kernels.Buffer;
import trm4j.kernels.Shape;
import trm4j.kernels.op.MatMul;

/** The same matrix product by each library. */
final class MatMuls {

    private static final int SEED_A = 1;
    private static final int SEED_B = 2;

    private MatMuls() {}

    static Computation of(MatMulSize size, Library library) {
        return switch (library) {
            case TRM4J -> cpu(size);
            case OPENBLAS -> new OpenBlas(size);
            case DJL -> new DjlComputation(arrays -> {
                var a = djl(arrays, size.a(), size.shapeA(), SEED_A);
                var b = djl(arrays, size.b(), size.shapeB(), SEED_B);
                boolean sum = size.batch() > 1 && !size.c().batched();
                return sum ? () -> a.matMul(b).sum(new int[] {0}) : () -> a.matMul(b);
            });
            case TORCHSCRIPT -> throw new IllegalArgumentException("PyTorch's matmul is that of DJL's arrays");
        };
    }

    private static Computation cpu(MatMulSize size) {
        var a = buffer("a", size.shapeA());
        var b = buffer("b", size.shapeB());
        var c = buffer("c", size.shapeC());
        return CpuComputation.of(
                MatMul.set(a.all(), size.a().transposed(), b.all(), size.b().transposed(), c.all()), c);
    }

    private static Buffer buffer(String name, Shape shape) {
        return Buffer.floats(name, shape.dimensions().stream().mapToInt(d -> d).toArray());
    }

    /** A transpose is a view; PyTorch hands it on to its BLAS as such. */
    private static NDArray djl(NDManager arrays, Operand operand, Shape shape, int seed) {
        var array = DjlComputation.array(arrays, RandomInputs.normal(shape, seed), shape);
        return operand.transposed() ? array.swapAxes(shape.rank() - 2, shape.rank() - 1) : array;
    }

    /** One call for each product of the batch. */
    private static final class OpenBlas implements Computation {

        private final MatMulSize size;
        private final FloatPointer[] a;
        private final FloatPointer[] b;
        private final FloatPointer[] c;

        OpenBlas(MatMulSize size) {
            OpenBlasLibrary.start();
            this.size = size;
            a = parts(size, new FloatPointer(RandomInputs.normal(size.shapeA(), SEED_A)), size.a(), size.shapeA());
            b = parts(size, new FloatPointer(RandomInputs.normal(size.shapeB(), SEED_B)), size.b(), size.shapeB());
            c = parts(size, new FloatPointer(size.shapeC().size()), size.c(), size.shapeC());
        }

        private static FloatPointer[] parts(MatMulSize size, FloatPointer all, Operand operand, Shape shape) {
            long step = operand.batched() ? shape.inner().size() : 0;
            return IntStream.range(0, size.batch())
                    .mapToObj(i -> all.getPointer(i * step))
                    .toArray(FloatPointer[]::new);
        }

        @Override
        public void run() {
            boolean sum = !size.c().batched();
            for (int i = 0; i < size.batch(); i++) {
                cblas_sgemm(
                        CblasRowMajor, transposition(size.a()), transposition(size.b()), size.m(), size.n(), size.k(),
                        1, a[i], size.shapeA().dim(-1), b[i], size.shapeB().dim(-1),
                        sum && i > 0 ? 1 : 0, c[i], size.shapeC().dim(-1));
            }
        }

        private static int transposition(Operand operand) {
            return operand.transposed() ? CblasTrans : CblasNoTrans;
        }

        @Override
        public float[] result() {
            var values = new float[(int) size.shapeC().size()];
            c[0].get(values);
            return values;
        }

        @Override
        public void close() {
            for (var all : new FloatPointer[] {a[0], b[0], c[0]}) {
                all.close();
            }
        }
    }
}
