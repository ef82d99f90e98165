package trm4j.kernels.contract;

import static trm4j.kernels.contract.Numbers.dot;

import java.util.stream.Stream;
import trm4j.kernels.op.Embedding;

/** Rows of a table in the cells of wider rows: before them, between them and behind them there is room. */
final class EmbeddingCases {

    private static final float SCALE = 1.7f;

    private EmbeddingCases() {}

    static Stream<OperationCase> all() {
        var random = Numbers.seeded(6);
        var shapes = Stream.concat(
                Stream.of(
                        new Layout(1, 1, 1, 1, 0, 1, 1), new Layout(3, 5, 4, 16, 0, 16, 80),
                        new Layout(40, 3, 7, 130, 5, 133, 410)),
                Stream.generate(() -> {
                            int width = random.size(1, 50);
                            return new Layout(
                                    random.size(1, 6), random.size(1, 5), random.size(1, 9), width, random.size(0, 9),
                                    width + random.size(0, 8), 300 + random.size(0, 9));
                        })
                        .limit(3));
        return shapes.flatMap(layout -> Stream.of(new Gather(layout), new ScatterAdd(layout)));
    }

    private record Layout(int batch, int n, int rows, int width, int start, int cell, int row) {

        private double[] gathered(int[] ids, double[] table, double[] before) {
            var out = before.clone();
            for (int b = 0; b < batch; b++) {
                for (int j = 0; j < n; j++) {
                    for (int c = 0; c < cell; c++) {
                        out[b * row + start + j * cell + c] = c < width ? SCALE * table[ids[b * n + j] * width + c] : 0;
                    }
                }
            }
            return out;
        }
    }

    private record Gather(Layout layout) implements OperationCase {

        @Override
        public Setup setup() {
            var random = Numbers.of(this);
            var idNumbers = random.ints(0, layout.rows, layout.batch * layout.n);
            var tableNumbers = random.normal(layout.rows * layout.width);
            var before = random.normal(layout.batch * layout.row);
            var ids = Operand.read("ids", idNumbers, layout.batch, layout.n);
            var table = Operand.read("table", tableNumbers, layout.rows, layout.width);
            var out = Operand.updated(
                    "out", before, () -> Expected.forward(layout.gathered(idNumbers, tableNumbers, before)),
                    layout.batch, layout.row);
            return Setup.of(
                    at -> new Embedding.Gather(
                            at.of(ids), at.of(table), at.of(out), layout.start, layout.cell, SCALE),
                    ids, table, out);
        }
    }

    private record ScatterAdd(Layout layout) implements OperationCase {

        @Override
        public Setup setup() {
            var random = Numbers.of(this);
            var idNumbers = random.ints(0, layout.rows, layout.batch * layout.n);
            var tableNumbers = random.normal(layout.rows * layout.width);
            var dOutNumbers = random.normal(layout.batch * layout.row);
            var before = random.normal(layout.rows * layout.width);
            var zeros = new double[dOutNumbers.length];
            var ids = Operand.read("ids", idNumbers, layout.batch, layout.n);
            var dOut = Operand.read("dOut", dOutNumbers, layout.batch, layout.row);
            var dTable = Operand.updated(
                    "dTable", before,
                    () -> Expected.gradient(
                                    moved -> dot(dOutNumbers, layout.gathered(idNumbers, moved, zeros)),
                                    tableNumbers)
                            .addedTo(before),
                    layout.rows, layout.width);
            return Setup.of(
                    at -> new Embedding.ScatterAdd(
                            at.of(ids), at.of(dOut), at.of(dTable), layout.start, layout.cell, SCALE),
                    ids, dOut, dTable);
        }
    }
}
