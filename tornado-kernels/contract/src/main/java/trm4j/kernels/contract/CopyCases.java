package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;
import trm4j.kernels.op.SelectRows;

/** Numbers moved and added. */
final class CopyCases {

    private static final float SCALE = 0.3f;

    private CopyCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(7);
        var cases = new ArrayList<OperationCase>();
        for (int n : new int[] {1, 64, random.size(2, 99), 33_001}) {
            for (int terms : new int[] {2, 3}) {
                IntStream.range(-1, terms).mapToObj(inPlace -> new Sum(n, terms, inPlace)).forEach(cases::add);
            }
            cases.add(new Filled(n));
            cases.add(new Copied(n));
            cases.addAll(List.of(new Chain(n, 1), new Chain(n, 9)));
        }
        var shapes = List.of(
                new int[] {1, 1}, new int[] {7, 64}, new int[] {random.size(2, 40), random.size(2, 90)},
                new int[] {random.size(2, 40), random.size(2, 90)}, new int[] {3, 5_503});
        for (var s : shapes) {
            cases.addAll(List.of(new AddedRow(s[0], s[1]), new RowGradient(s[0], s[1]), new Scaled(s[0], s[1])));
            cases.addAll(List.of(new InPlace(s[0], s[1], false), new InPlace(s[0], s[1], true)));
            for (boolean accumulate : new boolean[] {false, true}) {
                cases.add(new Columns(s[0], s[1], 0, s[1], 0, s[1], accumulate));
                cases.add(new Columns(s[0], s[1] + 5, 3, s[1] + 9, 7, s[1], accumulate));
            }
            for (boolean ints : new boolean[] {false, true}) {
                cases.add(new Selected(s[0], 3 * s[1], s[0] * 3 * s[1], ints));
                cases.add(new Selected(s[0], 3 * s[1], 3 * s[1], ints));
                cases.add(new Selected(s[0], 3 * s[1], s[1], ints));
            }
        }
        return cases.stream();
    }

    /** @param inPlace which term the sum goes to; -1 for none */
    private record Sum(int n, int terms, int inPlace) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var numbers = Stream.generate(() -> random.normal(n)).limit(terms).toList();
            var sum = numbers.stream().reduce(CaseNumbers::plus).orElseThrow();
            var operands = new ArrayList<Operand>();
            for (int i = 0; i < terms; i++) {
                operands.add(i == inPlace
                        ? Operand.updated("term " + i, numbers.get(i), () -> Expected.forward(sum), n)
                        : Operand.read("term " + i, numbers.get(i), n));
            }
            var termOperands = List.copyOf(operands);
            var out = inPlace < 0 ? Operand.set("out", () -> Expected.forward(sum), n) : operands.get(inPlace);
            operands.add(out);
            return new Setup(
                    operands, at -> List.of(new Add(termOperands.stream().map(at::of).toList(), at.of(out))));
        }
    }

    private record Filled(int n) implements OperationCase {

        @Override
        public Setup setup() {
            var after = new double[n];
            Arrays.fill(after, SCALE);
            var out = Operand.set("out", () -> Expected.exactly(after), n);
            return Setup.of(at -> new Fill(at.of(out), SCALE), out);
        }
    }

    private record Copied(int n) implements OperationCase {

        @Override
        public Setup setup() {
            var numbers = CaseNumbers.of(this).normal(n);
            var from = Operand.read("from", numbers, n);
            var to = Operand.set("to", () -> Expected.exactly(numbers), n);
            return Setup.of(at -> CopyColumns.all(at.of(from), at.of(to)), from, to);
        }
    }

    private record Chain(int n, int length) implements OperationCase {

        @Override
        public Setup setup() {
            var before = CaseNumbers.of(this).normal(n);
            var after = before.clone();
            for (int i = 0; i < length; i++) {
                Arrays.setAll(after, e -> SCALE * after[e] + 1);
            }
            var x = Operand.updated("x", before, () -> Expected.forward(after), n);
            return Setup.of(at -> new FmaChain(at.of(x), SCALE, 1, length), x);
        }
    }

    private record AddedRow(int rows, int n) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var row = random.normal(n);
            var before = random.normal(rows * n);
            var rowOperand = Operand.read("row", row, n);
            var x = Operand.updated("x", before, () -> Expected.forward(broadcast(row, before)), rows, n);
            return Setup.of(at -> new RowBroadcast.Forward(at.of(rowOperand), SCALE, at.of(x)), rowOperand, x);
        }
    }

    private record RowGradient(int rows, int n) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var row = random.normal(n);
            var dxNumbers = random.normal(rows * n);
            var before = random.normal(n);
            var zeros = new double[rows * n];
            var dx = Operand.read("dx", dxNumbers, rows, n);
            var dRow = Operand.updated(
                    "dRow", before,
                    () -> Expected.gradient(moved -> dot(dxNumbers, broadcast(moved, zeros)), row).addedTo(before),
                    n);
            return Setup.of(at -> new RowBroadcast.Backward(at.of(dx), SCALE, at.of(dRow)), dx, dRow);
        }
    }

    private static double[] broadcast(double[] row, double[] x) {
        return IntStream.range(0, x.length).mapToDouble(i -> SCALE * (x[i] + row[i % row.length])).toArray();
    }

    private record Columns(
            int rows, int fromWidth, int fromStart, int toWidth, int toStart, int width, boolean accumulate)
            implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var source = random.normal(rows * fromWidth);
            var before = random.normal(rows * toWidth);
            var after = before.clone();
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < width; c++) {
                    int to = r * toWidth + toStart + c;
                    after[to] = (accumulate ? before[to] : 0) + SCALE * source[r * fromWidth + fromStart + c];
                }
            }
            var from = Operand.read("from", source, rows, fromWidth);
            var to = Operand.updated("to", before, () -> Expected.forward(after), rows, toWidth);
            return Setup.of(
                    at -> new CopyColumns(at.of(from), fromStart, at.of(to), toStart, width, SCALE, accumulate),
                    from, to);
        }
    }

    private record InPlace(int rows, int width, boolean accumulate) implements OperationCase {

        @Override
        public Setup setup() {
            var before = CaseNumbers.of(this).normal(rows * width);
            var after = Arrays.stream(before).map(v -> (accumulate ? v : 0) + SCALE * v).toArray();
            var x = Operand.updated("x", before, () -> Expected.forward(after), rows, width);
            return Setup.of(at -> new CopyColumns(at.of(x), 0, at.of(x), 0, width, SCALE, accumulate), x);
        }
    }

    private record Scaled(int rows, int n) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var numbers = random.normal(rows);
            var before = random.normal(rows * n);
            var after = IntStream.range(0, before.length).mapToDouble(i -> numbers[i / n] * before[i]).toArray();
            var factors = Operand.read("factors", numbers, rows);
            var x = Operand.updated("x", before, () -> Expected.forward(after), rows, n);
            return Setup.of(at -> new ScaleRows(at.of(factors), at.of(x)), factors, x);
        }
    }

    /** @param size of the source */
    private record Selected(int rows, int n, int size, boolean ints) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var chosen = random.ints(-1, 2, rows);
            var numbers = random.ints(-99, 99, size);
            var before = random.ints(100, 999, rows * n);
            var after = before.clone();
            for (int i = 0; i < after.length; i++) {
                if (chosen[i / n] != 0) {
                    after[i] = numbers[(size == after.length ? i : i % n) % size];
                }
            }
            var mask = Operand.read("mask", chosen, rows);
            var source = ints ? Operand.read("source", numbers, size) : Operand.read("source", doubles(numbers), size);
            var out = ints
                    ? Operand.updated("out", before, after, rows, n)
                    : Operand.updated("out", doubles(before), () -> Expected.exactly(doubles(after)), rows, n);
            return Setup.of(at -> new SelectRows(at.of(mask), at.of(source), at.of(out)), mask, source, out);
        }

        private static double[] doubles(int[] values) {
            return Arrays.stream(values).asDoubleStream().toArray();
        }
    }
}
