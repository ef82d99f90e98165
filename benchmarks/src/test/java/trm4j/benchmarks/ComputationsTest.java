package trm4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trm4j.benchmarks.MatMulBenchmark.Product;
import trm4j.kernels.Shape;

/** What is timed computes what its name says, by plain loops; other libraries' too, where they are at hand. */
class ComputationsTest {

    private static final AttentionSize ATTENTION = new AttentionSize(2, 5, 3, 4);
    private static final int OUTER = 3;
    private static final int INNER = 7;

    @ParameterizedTest
    @EnumSource
    void products(Product product) {
        checkProduct(product, Library.TRM4J);
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "natives", matches = "true")
    void productsOfOthers(Product product) {
        checkProduct(product, Library.OPENBLAS);
        checkProduct(product, Library.DJL);
    }

    @Test
    void attention() {
        check(attentionByLoops(), Attentions.forward(ATTENTION, Library.TRM4J));
    }

    @Test
    @EnabledIfSystemProperty(named = "natives", matches = "true")
    void attentionOfOthers() {
        check(attentionByLoops(), Attentions.forward(ATTENTION, Library.DJL));
        check(attentionByLoops(), Attentions.forward(ATTENTION, Library.TORCHSCRIPT));
    }

    @Test
    void swiGlu() {
        check(swiGluByLoops(), SwiGlus.of(OUTER, INNER, Library.TRM4J));
    }

    @Test
    @EnabledIfSystemProperty(named = "natives", matches = "true")
    void swiGluOfOthers() {
        check(swiGluByLoops(), SwiGlus.of(OUTER, INNER, Library.DJL));
        check(swiGluByLoops(), SwiGlus.of(OUTER, INNER, Library.TORCHSCRIPT));
    }

    @ParameterizedTest
    @EnumSource
    void operationsStayFinite(CpuOperation operation) {
        try (var computation = operation.computation(3)) {
            computation.run();
            var first = computation.result();
            for (int i = 0; i < 3; i++) {
                computation.run();
            }
            assertTrue(allFinite(computation.result()));
            assertTrue(first[0] != 0, "nothing was computed");
        }
    }

    @Test
    void disagreementIsRefused() {
        assertThrows(
                IllegalStateException.class, () -> Agreement.require("x", new float[] {1, 2}, new float[] {1, 2.001f}));
        assertThrows(
                IllegalStateException.class, () -> Agreement.require("x", new float[] {1}, new float[] {Float.NaN}));
    }

    private static boolean allFinite(float[] values) {
        for (var value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static void check(float[] expected, Computation computation) {
        try (computation) {
            computation.run();
            computation.run();
            assertArrayEquals(expected, computation.result(), 1e-5f);
        }
    }

    /** The product with its own layout, smaller. */
    private static void checkProduct(Product product, Library library) {
        var full = product.size();
        var size = new MatMulSize(full.a(), full.b(), full.c(), Math.min(full.batch(), 3), 5, 4, 7);
        var a = RandomInputs.normal(size.shapeA(), 1);
        var b = RandomInputs.normal(size.shapeB(), 2);
        var c = new double[(int) size.shapeC().size()];
        for (int batch = 0; batch < size.batch(); batch++) {
            for (int i = 0; i < size.m(); i++) {
                for (int j = 0; j < size.n(); j++) {
                    for (int p = 0; p < size.k(); p++) {
                        c[place(size.c(), size.shapeC(), batch, i, j)] += (double)
                                        a[place(size.a(), size.shapeA(), batch, i, p)]
                                * b[place(size.b(), size.shapeB(), batch, p, j)];
                    }
                }
            }
        }
        check(floats(c), MatMuls.of(size, library));
    }

    private static int place(MatMulSize.Operand operand, Shape shape, int batch, int row, int column) {
        int outer = operand.transposed() ? column : row;
        int inner = operand.transposed() ? row : column;
        return ((operand.batched() ? batch * shape.dim(-2) : 0) + outer) * shape.dim(-1) + inner;
    }

    private static float[] attentionByLoops() {
        int batch = ATTENTION.batch();
        int positions = ATTENTION.positions();
        int heads = ATTENTION.heads();
        int size = ATTENTION.size();
        var qkv = RandomInputs.normal(Shape.of(batch, positions, 3, heads, size), 1);
        var out = new double[batch * positions * heads * size];
        for (int b = 0; b < batch; b++) {
            for (int head = 0; head < heads; head++) {
                for (int i = 0; i < positions; i++) {
                    double sum = 0;
                    var weighted = new double[size];
                    for (int j = 0; j < positions; j++) {
                        int query = (((b * positions + i) * 3) * heads + head) * size;
                        int key = (((b * positions + j) * 3 + 1) * heads + head) * size;
                        int value = (((b * positions + j) * 3 + 2) * heads + head) * size;
                        double dot = 0;
                        for (int d = 0; d < size; d++) {
                            dot += (double) qkv[query + d] * qkv[key + d];
                        }
                        double weight = Math.exp(dot / Math.sqrt(size));
                        sum += weight;
                        for (int d = 0; d < size; d++) {
                            weighted[d] += weight * qkv[value + d];
                        }
                    }
                    for (int d = 0; d < size; d++) {
                        out[((b * positions + i) * heads + head) * size + d] = weighted[d] / sum;
                    }
                }
            }
        }
        return floats(out);
    }

    private static float[] swiGluByLoops() {
        var gateUp = RandomInputs.normal(Shape.of(OUTER, 2, INNER), 1);
        var out = new double[OUTER * INNER];
        for (int i = 0; i < OUTER; i++) {
            for (int j = 0; j < INNER; j++) {
                double gate = gateUp[2 * i * INNER + j];
                out[i * INNER + j] = gate / (1 + Math.exp(-gate)) * gateUp[(2 * i + 1) * INNER + j];
            }
        }
        return floats(out);
    }

    private static float[] floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
