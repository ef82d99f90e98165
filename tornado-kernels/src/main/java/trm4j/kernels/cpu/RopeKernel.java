package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.Rope;

/** Each part turns the heads of some positions. */
final class RopeKernel implements Kernel {

    private static final int POSITIONS = 16;

    private final Rope op;
    private final Team team;
    private final View x;
    private final int positions;
    private final int half;
    private final float[] cos;
    private final float[] sin;
    private final Team.Parts part = this::part;
    private int xAt;

    RopeKernel(Rope op, Memory memory, Team team) {
        this.op = op;
        this.team = team;
        x = memory.view(op.x());
        positions = op.x().dim(1);
        int size = op.x().dim(3);
        half = size / 2;
        cos = new float[positions * half];
        sin = new float[positions * half];
        for (int t = 0; t < positions; t++) {
            for (int i = 0; i < half; i++) {
                float frequency = (float) (1 / Math.pow(op.theta(), 2f * i / size));
                float angle = t * frequency;
                cos[t * half + i] = (float) Math.cos(angle);
                sin[t * half + i] = (float) (op.inverse() ? -Math.sin(angle) : Math.sin(angle));
            }
        }
    }

    @Override
    public void run(int[] values) {
        xAt = x.at(values);
        team.run(Math.ceilDiv(op.x().dim(0) * positions, POSITIONS), part);
    }

    private void part(int part, int worker) {
        int heads = op.x().dim(2);
        int end = Math.min(op.x().dim(0) * positions, (part + 1) * POSITIONS);
        for (int row = part * POSITIONS; row < end; row++) {
            for (int head = 0; head < op.rotated(); head++) {
                turn(xAt + (row * heads + head) * 2 * half, row % positions * half);
            }
        }
    }

    private void turn(int at, int angle) {
        var xs = x.floats();
        int i = 0;
        for (; i <= half - LANES; i += LANES) {
            var a = FloatVector.fromArray(SPECIES, xs, at + i);
            var b = FloatVector.fromArray(SPECIES, xs, at + half + i);
            var c = FloatVector.fromArray(SPECIES, cos, angle + i);
            var s = FloatVector.fromArray(SPECIES, sin, angle + i);
            a.mul(c).sub(b.mul(s)).intoArray(xs, at + i);
            b.mul(c).add(a.mul(s)).intoArray(xs, at + half + i);
        }
        for (; i < half; i++) {
            float a = xs[at + i];
            float b = xs[at + half + i];
            float c = cos[angle + i];
            float s = sin[angle + i];
            xs[at + i] = a * c - b * s;
            xs[at + half + i] = b * c + a * s;
        }
    }
}
