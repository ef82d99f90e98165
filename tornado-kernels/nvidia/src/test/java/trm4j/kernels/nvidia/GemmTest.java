package trm4j.kernels.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static trm4j.kernels.ElementType.BF16;
import static trm4j.kernels.ElementType.F32;

import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;

/** What calls products come to; {@link CublasProductsTest} tests that they are right. */
class GemmTest {

    private static final long MEMORY = 1L << 40;

    private static Tensor tensor(int... dimensions) {
        return tensor(F32, dimensions);
    }

    private static Tensor tensor(ElementType type, int... dimensions) {
        return Buffer.of("t", type, dimensions).all();
    }

    private static List<Gemm> calls(MatMul op) {
        return Gemm.of(op, MEMORY + 4_000, MEMORY + 8_000, MEMORY + 12_000);
    }

    /** c [5, 7] = a [5, 3] b [3, 7]: C [7, 5] = A [7, 3] B [3, 5], in columns. */
    @Test
    void rowsAreColumnsOfTheTranspose() {
        assertEquals(
                List.of(new Gemm(
                        false, false, 7, 5, 3, MEMORY + 8_000, 7, 0, MEMORY + 4_000, 3, 0, false, MEMORY + 12_000, 7, 0,
                        1, F32, F32)),
                calls(MatMul.set(tensor(5, 3), false, tensor(3, 7), false, tensor(5, 7))));
        assertEquals(
                List.of(new Gemm(
                        true, true, 7, 5, 3, MEMORY + 8_000, 3, 0, MEMORY + 4_000, 5, 0, true, MEMORY + 12_000, 7, 0,
                        1, F32, F32)),
                calls(MatMul.add(tensor(3, 5), true, tensor(7, 3), true, tensor(5, 7))));
    }

    /** Weights from the left, as in mlp_t: the same A for all. */
    @Test
    void oneMatrixServesABatchWithoutAStride() {
        var call = calls(MatMul.set(tensor(5, 3), false, tensor(4, 3, 7), false, tensor(4, 5, 7))).getFirst();
        assertEquals(4, call.count());
        assertEquals(21, call.strideA());
        assertEquals(0, call.strideB());
        assertEquals(35, call.strideC());
    }

    /** Rows after rows are one matrix of them all, where one matrix is on the right. */
    @Test
    void aBatchOfRowsIsOneProduct() {
        var calls = calls(MatMul.add(tensor(4, 5, 3), false, tensor(3, 7), false, tensor(4, 5, 7)));
        assertEquals(1, calls.size());
        assertEquals(List.of(7, 20, 3, 1), List.of(
                calls.getFirst().m(), calls.getFirst().n(), calls.getFirst().k(), calls.getFirst().count()));
    }

    /** Where the sums of a batch follow one another in both, they are one long sum. */
    @Test
    void aSumOverRowsIsOneProduct() {
        var op = MatMul.add(tensor(4, 3, 5), true, tensor(4, 3, 7), false, tensor(5, 7));
        assertEquals(1, Gemm.parts(op));
        assertEquals(List.of(new Gemm(
                false, true, 7, 5, 12, MEMORY + 8_000, 7, 0, MEMORY + 4_000, 5, 0, true, MEMORY + 12_000, 7, 0, 1, F32,
                F32)),
                calls(op));
    }

    /** The gradient of weights on the left: parts side by side, to which later rounds are added. */
    @Test
    void otherSumsAreComputedInParts() {
        var op = MatMul.add(tensor(130, 5, 3), false, tensor(130, 7, 3), true, tensor(5, 7));
        assertEquals(44, Gemm.parts(op));
        var calls = calls(op);
        assertEquals(List.of(44, 44, 42), calls.stream().map(Gemm::count).toList());
        assertEquals(List.of(false, true, true), calls.stream().map(Gemm::accumulate).toList());
        assertEquals(MEMORY + 4_000 + 4 * 88 * 15, calls.get(2).b());
        assertEquals(MEMORY + 8_000 + 4 * 88 * 21, calls.get(2).a());
        assertEquals(MEMORY + 12_000, calls.get(2).c());
    }

    /** Two bytes from number to number; the parts are floats. */
    @Test
    void numbersOfBfloat16TakeTwoBytes() {
        var op = MatMul.set(tensor(BF16, 130, 5, 3), false, tensor(BF16, 130, 7, 3), true, tensor(5, 7));
        var call = calls(op).getLast();
        assertEquals(MEMORY + 4_000 + 2 * 88 * 15, call.b());
        assertEquals(MEMORY + 8_000 + 2 * 88 * 21, call.a());
        assertEquals(List.of(BF16, F32), List.of(call.factors(), call.result()));
    }

    /** Matrices of which no two fit the scratch space are added to, one after the other. */
    @Test
    void largeSumsHaveNoParts() {
        var op = MatMul.add(tensor(3, 5_000, 1), false, tensor(3, 5_000, 1), true, tensor(5_000, 5_000));
        assertEquals(1, Gemm.parts(op));
        assertEquals(List.of(true, true, true), calls(op).stream().map(Gemm::accumulate).toList());
        var set = MatMul.set(op.a(), false, op.b(), true, op.c());
        assertEquals(List.of(false, true, true), calls(set).stream().map(Gemm::accumulate).toList());
    }
}
