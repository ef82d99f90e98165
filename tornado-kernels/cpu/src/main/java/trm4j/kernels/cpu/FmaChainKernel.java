package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.FmaChain;

/** Chains of multiply-adds, twelve vectors of them at a time: a core has several in the making. */
final class FmaChainKernel {

    private static final int CHAINS = 12;

    private FmaChainKernel() {}

    /** Each part does some elements. */
    static Kernel of(FmaChain op, Memory memory, Team team) {
        var x = memory.view(op.x());
        return new Elementwise(team, 1, op.x().size(), (values, row, column, length, worker) -> {
            int at = x.at(values) + column;
            int end = at + length;
            for (; at + CHAINS * LANES <= end; at += CHAINS * LANES) {
                vectors(x.floats(), at, op.factor(), op.term(), op.length());
            }
            for (; at + LANES <= end; at += LANES) {
                vector(x.floats(), at, op.factor(), op.term(), op.length());
            }
            for (; at < end; at++) {
                float v = x.floats()[at];
                for (int i = 0; i < op.length(); i++) {
                    v = VectorMath.fma(v, op.factor(), op.term());
                }
                x.floats()[at] = v;
            }
        });
    }

    private static void vector(float[] x, int at, float factor, float term, int length) {
        var f = FloatVector.broadcast(SPECIES, factor);
        var t = FloatVector.broadcast(SPECIES, term);
        var a = FloatVector.fromArray(SPECIES, x, at);
        for (int i = 0; i < length; i++) {
            a = VectorMath.fma(a, f, t);
        }
        a.intoArray(x, at);
    }

    private static void vectors(float[] x, int at, float factor, float term, int length) {
        var f = FloatVector.broadcast(SPECIES, factor);
        var t = FloatVector.broadcast(SPECIES, term);
        var a = FloatVector.fromArray(SPECIES, x, at);
        var b = FloatVector.fromArray(SPECIES, x, at + LANES);
        var c = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
        var d = FloatVector.fromArray(SPECIES, x, at + 3 * LANES);
        var e = FloatVector.fromArray(SPECIES, x, at + 4 * LANES);
        var g = FloatVector.fromArray(SPECIES, x, at + 5 * LANES);
        var h = FloatVector.fromArray(SPECIES, x, at + 6 * LANES);
        var k = FloatVector.fromArray(SPECIES, x, at + 7 * LANES);
        var m = FloatVector.fromArray(SPECIES, x, at + 8 * LANES);
        var n = FloatVector.fromArray(SPECIES, x, at + 9 * LANES);
        var p = FloatVector.fromArray(SPECIES, x, at + 10 * LANES);
        var q = FloatVector.fromArray(SPECIES, x, at + 11 * LANES);
        for (int i = 0; i < length; i++) {
            a = VectorMath.fma(a, f, t);
            b = VectorMath.fma(b, f, t);
            c = VectorMath.fma(c, f, t);
            d = VectorMath.fma(d, f, t);
            e = VectorMath.fma(e, f, t);
            g = VectorMath.fma(g, f, t);
            h = VectorMath.fma(h, f, t);
            k = VectorMath.fma(k, f, t);
            m = VectorMath.fma(m, f, t);
            n = VectorMath.fma(n, f, t);
            p = VectorMath.fma(p, f, t);
            q = VectorMath.fma(q, f, t);
        }
        a.intoArray(x, at);
        b.intoArray(x, at + LANES);
        c.intoArray(x, at + 2 * LANES);
        d.intoArray(x, at + 3 * LANES);
        e.intoArray(x, at + 4 * LANES);
        g.intoArray(x, at + 5 * LANES);
        h.intoArray(x, at + 6 * LANES);
        k.intoArray(x, at + 7 * LANES);
        m.intoArray(x, at + 8 * LANES);
        n.intoArray(x, at + 9 * LANES);
        p.intoArray(x, at + 10 * LANES);
        q.intoArray(x, at + 11 * LANES);
    }
}
