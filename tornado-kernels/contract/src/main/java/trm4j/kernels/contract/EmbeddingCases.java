package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;

import java.util.stream.Stream;
import trm4j.kernels.op.Embedding;

/** Rows of a table in the cells of wider rows: before them, between them and behind them there is room. */
final class EmbeddingCases {

    private static final float SCALE = 1.7f;

    private EmbeddingCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(6);
        var shapes = Stream.concat(
                Stream.of(
                        new Lookup(1, 1, 1, 1, 0, 1, 1), new Lookup(3, 5, 4, 16, 0, 16, 80),
                        new Lookup(40, 3, 7, 130, 5, 133, 410)),
                Stream.generate(() -> {
                            int width = random.size(1, 50);
                            return new Lookup(
                                    random.size(1, 6), random.size(1, 5), random.size(1, 9), width, random.size(0, 9),
                                    width + random.size(0, 8), 300 + random.size(0, 9));
                        })
                        .limit(3));
        return shapes.flatMap(lookup -> Stream.of(new Gather(lookup), new ScatterAdd(lookup)));
    }

    private record Lookup(int batch, int n, int rows, int width, int start, int cell, int row) {

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

    private record Gather(Lookup lookup) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var idNumbers = random.ints(0, lookup.rows, lookup.batch * lookup.n);
            var tableNumbers = random.normal(lookup.rows * lookup.width);
            var before = random.normal(lookup.batch * lookup.row);
            var ids = Operand.read("ids", idNumbers, lookup.batch, lookup.n);
            var table = Operand.read("table", tableNumbers, lookup.rows, lookup.width);
            var out = Operand.updated(
                    "out", before, () -> Expected.forward(lookup.gathered(idNumbers, tableNumbers, before)),
                    lookup.batch, lookup.row);
            return Setup.of(
                    at -> new Embedding.Gather(
                            at.of(ids), at.of(table), at.of(out), lookup.start, lookup.cell, SCALE),
                    ids, table, out);
        }
    }

    private record ScatterAdd(Lookup lookup) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var idNumbers = random.ints(0, lookup.rows, lookup.batch * lookup.n);
            var tableNumbers = random.normal(lookup.rows * lookup.width);
            var dOutNumbers = random.normal(lookup.batch * lookup.row);
            var before = random.normal(lookup.rows * lookup.width);
            var zeros = new double[dOutNumbers.length];
            var ids = Operand.read("ids", idNumbers, lookup.batch, lookup.n);
            var dOut = Operand.read("dOut", dOutNumbers, lookup.batch, lookup.row);
            var dTable = Operand.updated(
                    "dTable", before,
                    () -> Expected.gradient(
                                    moved -> dot(dOutNumbers, lookup.gathered(idNumbers, moved, zeros)),
                                    tableNumbers)
                            .addedTo(before),
                    lookup.rows, lookup.width);
            return Setup.of(
                    at -> new Embedding.ScatterAdd(
                            at.of(ids), at.of(dOut), at.of(dTable), lookup.start, lookup.cell, SCALE),
                    ids, dOut, dTable);
        }
    }
}
