package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.Rope;

/** Rotary positions: each part turns the heads of some positions. */
final class RopeKernel {

    private static final int POSITIONS = 16;

    private RopeKernel() {}

    static Kernel of(Rope op, Memory memory, Team team, Spaces spaces) {
        var x = memory.view(op.x());
        int positions = op.x().dim(1);
        int heads = op.x().dim(2);
        int half = op.x().dim(3) / 2;
        int rows = op.x().dim(0) * positions;
        int turned = op.rotated() * 2 * half;
        var cos = new float[positions * half];
        var sin = new float[positions * half];
        fillTables(op, half, cos, sin);
        return new Parallel(team, Math.ceilDiv(rows, POSITIONS), (values, part, worker) -> {
            int last = Math.min(rows, (part + 1) * POSITIONS);
            for (int row = part * POSITIONS; row < last; row++) {
                int from = x.at(values) + row * heads * 2 * half;
                var numbers = x.read(from, turned, spaces.of(worker)[0]);
                for (int at = x.place(from), end = at + turned; at < end; at += 2 * half) {
                    turn(numbers, at, at + half, cos, sin, row % positions * half, half);
                }
                x.write(numbers, from, turned);
            }
        });
    }

    private static void fillTables(Rope op, int half, float[] cos, float[] sin) {
        for (int i = 0; i < half; i++) {
            float frequency = (float) (1 / Math.pow(op.theta(), (double) i / half));
            for (int t = 0; t < op.x().dim(1); t++) {
                float angle = t * frequency;
                cos[t * half + i] = (float) Math.cos(angle);
                sin[t * half + i] = (float) (op.inverse() ? -Math.sin(angle) : Math.sin(angle));
            }
        }
    }

    private static void turn(float[] x, int low, int high, float[] cos, float[] sin, int angle, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var a = FloatVector.fromArray(SPECIES, x, low + i);
            var b = FloatVector.fromArray(SPECIES, x, high + i);
            var c = FloatVector.fromArray(SPECIES, cos, angle + i);
            var s = FloatVector.fromArray(SPECIES, sin, angle + i);
            a.mul(c).sub(b.mul(s)).intoArray(x, low + i);
            b.mul(c).add(a.mul(s)).intoArray(x, high + i);
        }
        for (; i < n; i++) {
            float a = x[low + i];
            float b = x[high + i];
            x[low + i] = a * cos[angle + i] - b * sin[angle + i];
            x[high + i] = b * cos[angle + i] + a * sin[angle + i];
        }
    }
}
