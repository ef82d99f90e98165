package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;
import static trm4j.kernels.contract.CaseNumbers.plus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.op.MatMul;

/** Products of [m, k] and [k, n]. */
final class MatMulCases {

    private MatMulCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(1);
        var sizes = new ArrayList<>(List.of(
                new int[] {1, 1, 1}, new int[] {8, 32, 16}, new int[] {130, 70, 520}, new int[] {3, 17, 1030}));
        for (int i = 0; i < 2; i++) {
            sizes.add(new int[] {random.size(1, 40), random.size(1, 80), random.size(1, 60)});
        }
        var products = sizes.stream().flatMap(s -> Stream.of(Form.values()).flatMap(form -> products(s, form)));
        // Without a short side, which the others have; with sums of whole vectors.
        var sums = Stream.of(new int[] {109, 117, 19}, new int[] {21, 50, 48}, new int[] {50, 21, 48})
                .flatMap(size -> products(size, Form.SUMMED));
        // Of more products than are summed up at a time.
        var longSums = IntStream.range(0, 9)
                .mapToObj(i -> new Product(30 + i, 38 - i, 9, Form.SUMMED_MANY, false, true, i % 2 == 0));
        // Tiles cut off at every length.
        var edges = IntStream.range(0, 16)
                .mapToObj(i -> new Product(9 + i, 31 + i, 1 + i, Form.ONE, false, false, i % 2 == 0));
        // Tiles of 1, 2, 4 and 8 times 16 rows and columns, cut off; the largest in all transpositions.
        int[] sides = {13, 29, 61, 131};
        var tiles = IntStream.range(0, 15)
                .mapToObj(i -> new Product(
                        sides[i / 4], sides[i % 4], 37, Form.ONE, i % 2 == 0, i / 4 % 2 == 0, i % 3 == 0));
        var largestTiles = products(new int[] {sides[3], sides[3], 37}, Form.ONE);
        var gradients =
                Stream.of(new Gradients(1, 1, 1, 1), new Gradients(2, 9, 5, 17), new Gradients(3, 33, 65, 7));
        return Stream.of(products, sums, longSums, edges, tiles, largestTiles, gradients).flatMap(cases -> cases);
    }

    private static Stream<Product> products(int[] size, Form form) {
        return IntStream.range(0, 8)
                .mapToObj(flags -> new Product(
                        size[0], size[1], size[2], form, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0));
    }

    /** Which operands are batches. */
    private enum Form {
        ONE(1, 1, 1),
        A_AND_C(2, 1, 2),
        B_AND_C(1, 2, 2),
        ALL(2, 2, 2),
        SUMMED(2, 2, 1),
        SUMMED_MANY(19, 19, 1);

        private final int a;
        private final int b;
        private final int c;

        Form(int a, int b, int c) {
            this.a = a;
            this.b = b;
            this.c = c;
        }
    }

    private record Product(
            int m, int n, int k, Form form, boolean transposeA, boolean transposeB, boolean accumulate)
            implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var aNumbers = random.normal(form.a * m * k);
            var bNumbers = random.normal(form.b * k * n);
            var before = random.normal(form.c * m * n);
            var a = Operand.read("a", aNumbers, transposeA ? matrices(form.a, k, m) : matrices(form.a, m, k));
            var b = Operand.read("b", bNumbers, transposeB ? matrices(form.b, n, k) : matrices(form.b, k, n));
            var c = accumulate
                    ? Operand.updated(
                            "c", before, () -> Expected.forward(plus(before, product(aNumbers, bNumbers))),
                            matrices(form.c, m, n))
                    : Operand.set(
                            "c", () -> Expected.forward(product(aNumbers, bNumbers)), matrices(form.c, m, n));
            return Setup.of(
                    at -> new MatMul(at.of(a), transposeA, at.of(b), transposeB, at.of(c), accumulate), a, b, c);
        }

        private static int[] matrices(int batch, int rows, int columns) {
            return batch == 1 ? new int[] {rows, columns} : new int[] {batch, rows, columns};
        }

        private double[] product(double[] a, double[] b) {
            var c = new double[form.c * m * n];
            for (int x = 0; x < Math.max(form.a, form.b); x++) {
                multiply(
                        m, n, k, a, x % form.a * m * k, transposeA, b, x % form.b * k * n, transposeB, c,
                        x % form.c * m * n);
            }
            return c;
        }
    }

    /** c = a b for one a and a batch of b: both gradients, by the products that a backward pass is made of. */
    private record Gradients(int batch, int m, int n, int k) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var aNumbers = random.normal(m * k);
            var bNumbers = random.normal(batch * k * n);
            var dcNumbers = random.normal(batch * m * n);
            var before = random.normal(m * k);
            var a = Operand.read("a", aNumbers, m, k);
            var b = Operand.read("b", bNumbers, batch, k, n);
            var dc = Operand.read("dc", dcNumbers, batch, m, n);
            var da = Operand.updated(
                    "da", before,
                    () -> Expected.gradient(moved -> dot(dcNumbers, product(moved, bNumbers)), aNumbers)
                            .addedTo(before),
                    m, k);
            var db = Operand.set(
                    "db", () -> Expected.gradient(moved -> dot(dcNumbers, product(aNumbers, moved)), bNumbers),
                    batch, k, n);
            return new Setup(
                    List.of(a, b, dc, da, db),
                    at -> List.of(
                            MatMul.add(at.of(dc), false, at.of(b), true, at.of(da)),
                            MatMul.set(at.of(a), true, at.of(dc), false, at.of(db))));
        }

        private double[] product(double[] a, double[] b) {
            var c = new double[batch * m * n];
            for (int x = 0; x < batch; x++) {
                multiply(m, n, k, a, 0, false, b, x * k * n, false, c, x * m * n);
            }
            return c;
        }
    }

    /** Adds one product onto a matrix. */
    private static void multiply(
            int m, int n, int k, double[] a, int aAt, boolean transposeA, double[] b, int bAt, boolean transposeB,
            double[] c, int cAt) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                    c[cAt + i * n + j] += a[aAt + (transposeA ? p * m + i : i * k + p)]
                            * b[bAt + (transposeB ? j * k + p : p * n + j)];
                }
            }
        }
    }
}
