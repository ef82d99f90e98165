package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;

import java.util.stream.Stream;
import trm4j.kernels.op.SwiGlu;

/** The gated product of [outer, 2, inner]. */
final class SwiGluCases {

    private SwiGluCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(3);
        var shapes = Stream.concat(
                Stream.of(new int[] {1, 1}, new int[] {4, 16}, new int[] {3, 5_503}, new int[] {3, 1_536}),
                Stream.generate(() -> new int[] {random.size(1, 9), random.size(1, 90)}).limit(3));
        return shapes.flatMap(s -> Stream.of(
                new Forward(s[0], s[1]), new Backward(s[0], s[1], false), new Backward(s[0], s[1], true)));
    }

    private record Forward(int outer, int inner) implements OperationCase {

        @Override
        public Setup setup() {
            var numbers = CaseNumbers.of(this).between(-20, 20, outer * 2 * inner);
            var gateUp = Operand.read("gateUp", numbers, outer, 2, inner);
            var out = Operand.set("out", () -> Expected.forward(gated(outer, inner, numbers)), outer, inner);
            return Setup.of(at -> new SwiGlu.Forward(at.of(gateUp), at.of(out)), gateUp, out);
        }
    }

    private record Backward(int outer, int inner, boolean inPlace) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var numbers = random.between(-4, 4, outer * 2 * inner);
            var dOutNumbers = random.normal(outer * inner);
            var dGateUp = Operand.updated(
                    "dGateUp", numbers,
                    () -> Expected.gradient(moved -> dot(dOutNumbers, gated(outer, inner, moved)), numbers), outer,
                    2, inner);
            var gateUp = inPlace ? dGateUp : Operand.read("gateUp", numbers, outer, 2, inner);
            var dOut = Operand.read("dOut", dOutNumbers, outer, inner);
            var out = Operand.set("out", () -> Expected.forward(gated(outer, inner, numbers)), outer, inner);
            return Setup.of(
                    at -> new SwiGlu.Backward(at.of(gateUp), at.of(dOut), at.of(out), at.of(dGateUp)), gateUp, dOut,
                    out, dGateUp);
        }
    }

    private static double[] gated(int outer, int inner, double[] gateUp) {
        var out = new double[outer * inner];
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                double gate = gateUp[2 * o * inner + i];
                double up = gateUp[(2 * o + 1) * inner + i];
                out[o * inner + i] = gate / (1 + Math.exp(-gate)) * up;
            }
        }
        return out;
    }
}
