package trm4j.kernels.tornado;

import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * What kernels for processors are made of: sixteen neighbours in an array at a time. The OpenCL drivers of
 * processors do not find them in what TornadoVM writes for plain loops. An index is put through {@code max} where
 * neighbours are meant: a loop's own index is rewritten until LLVM no longer sees that they are neighbours.
 */
final class Lanes {

    static final int COUNT = 16;
    /** Rows of a small product. */
    static final int TALL = 2;
    /** Columns of a small product. */
    static final int WIDE = 2 * COUNT;

    /**
     * Vectors of a thread that has nothing else to do. It has no others beside it in a work-group: a driver for
     * processors would keep in memory what each holds.
     */
    static final int SHARE = 64;

    /** Less than any index, but no number that would tell LLVM a sign. */
    private static final int LEAST = -1 << 20;

    private Lanes() {}

    static Float16 all(float v) {
        return new Float16(v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v);
    }

    /** An index of the first of sixteen neighbours. */
    static int index(int i) {
        return Math.max(i, LEAST);
    }

    /** Elements i to i + 15. */
    static Float16 load(float[] x, int i) {
        int at = index(i);
        return new Float16(
                x[at], x[at + 1], x[at + 2], x[at + 3], x[at + 4], x[at + 5], x[at + 6], x[at + 7], x[at + 8],
                x[at + 9], x[at + 10], x[at + 11], x[at + 12], x[at + 13], x[at + 14], x[at + 15]);
    }

    /** Sets elements i to i + 15. */
    static void store(float[] x, int i, Float16 v) {
        int at = index(i);
        x[at] = v.getS0();
        x[at + 1] = v.getS1();
        x[at + 2] = v.getS2();
        x[at + 3] = v.getS3();
        x[at + 4] = v.getS4();
        x[at + 5] = v.getS5();
        x[at + 6] = v.getS6();
        x[at + 7] = v.getS7();
        x[at + 8] = v.getS8();
        x[at + 9] = v.getS9();
        x[at + 10] = v.getS10();
        x[at + 11] = v.getS11();
        x[at + 12] = v.getS12();
        x[at + 13] = v.getS13();
        x[at + 14] = v.getS14();
        x[at + 15] = v.getS15();
    }

    static float total(Float16 v) {
        float first = v.getS0() + v.getS1() + (v.getS2() + v.getS3());
        float second = v.getS4() + v.getS5() + (v.getS6() + v.getS7());
        float third = v.getS8() + v.getS9() + (v.getS10() + v.getS11());
        float fourth = v.getS12() + v.getS13() + (v.getS14() + v.getS15());
        return first + second + (third + fourth);
    }

    /**
     * 1 / (1 + e^-x), as 1 / (2 + q) with q = e^-x - 1: of a 128th of x by its Taylor series, and q of twice a number
     * is q (2 + q), which loses no digits near zero. Beyond 87 it is as good as 0 or 1.
     */
    static Float16 sigmoid(Float16 x) {
        Float16 y = Float16.mult(Float16.max(Float16.min(x, all(87f)), all(-87f)), all(-1f / 128));
        Float16 q = Float16.add(Float16.mult(y, all(1f / 40_320)), all(1f / 5_040));
        q = Float16.add(Float16.mult(q, y), all(1f / 720));
        q = Float16.add(Float16.mult(q, y), all(1f / 120));
        q = Float16.add(Float16.mult(q, y), all(1f / 24));
        q = Float16.add(Float16.mult(q, y), all(1f / 6));
        q = Float16.add(Float16.mult(q, y), all(0.5f));
        q = Float16.add(Float16.mult(q, y), all(1f));
        q = Float16.mult(q, y);
        for (int i = 0; i < 7; i++) {
            q = Float16.mult(q, Float16.add(q, all(2f)));
        }
        return Float16.div(all(1f), Float16.add(q, all(2f)));
    }

    /**
     * atan2(y, x) for x >= 0, 0 where both are 0: twice the arc tangent of y / (x + r) with r = sqrt(x^2 + y^2), which
     * needs no cases. The larger of both is made 1 before, so that r is in [1, 1.42]: two steps of Newton's from a line.
     * The polynomial is 4.4.49 of Abramowitz and Stegun, "Handbook of Mathematical Functions", within 2e-8 in [-1, 1].
     */
    static Float16 atan2(Float16 y, Float16 x) {
        Float16 larger = Float16.max(Float16.max(y, Float16.mult(y, all(-1f))), Float16.max(x, all(1e-37f)));
        Float16 up = Float16.div(y, larger);
        Float16 right = Float16.div(x, larger);
        Float16 square = Float16.max(Float16.add(Float16.mult(up, up), Float16.mult(right, right)), all(1f));
        Float16 r = Float16.add(Float16.mult(square, all(0.4173f)), all(0.5902f));
        for (int i = 0; i < 2; i++) {
            r = Float16.mult(Float16.add(r, Float16.div(square, r)), all(0.5f));
        }
        Float16 tangent = Float16.div(up, Float16.add(right, r));
        Float16 z = Float16.mult(tangent, tangent);
        Float16 p = Float16.add(Float16.mult(z, all(0.0028662257f)), all(-0.0161657367f));
        p = Float16.add(Float16.mult(p, z), all(0.0429096138f));
        p = Float16.add(Float16.mult(p, z), all(-0.0752896400f));
        p = Float16.add(Float16.mult(p, z), all(0.1065626393f));
        p = Float16.add(Float16.mult(p, z), all(-0.1420889944f));
        p = Float16.add(Float16.mult(p, z), all(0.1999355085f));
        p = Float16.add(Float16.mult(p, z), all(-0.3333314528f));
        p = Float16.add(Float16.mult(p, z), all(1f));
        return Float16.mult(Float16.mult(tangent, p), all(2f));
    }

    static void scale(float[] x, int i, float factor) {
        store(x, i, Float16.mult(load(x, i), all(factor)));
    }

    /**
     * c = keep * c + a b for 2 rows and 32 columns of c, which are four vectors in registers. Row i of a begins at
     * {@code ai}, with its steps {@code aNext} apart; rows of b lie {@code bRow} apart, those of c begin at {@code ci}.
     * Rows that are the same are computed to the same values. (As large as TornadoVM inlines.)
     *
     * @param keep 0 to set c
     */
    static void product(
            float[] f, int steps, int a0, int a1, int aNext, int b, int bRow, int c0, int c1, int keep) {
        Float16 c00 = all(0f);
        Float16 c01 = all(0f);
        Float16 c10 = all(0f);
        Float16 c11 = all(0f);
        for (int q = 0; q < steps; q++) {
            Float16 b0 = load(f, b + q * bRow);
            Float16 b1 = load(f, b + q * bRow + COUNT);
            Float16 value = all(f[a0 + q * aNext]);
            c00 = Float16.add(c00, Float16.mult(value, b0));
            c01 = Float16.add(c01, Float16.mult(value, b1));
            value = all(f[a1 + q * aNext]);
            c10 = Float16.add(c10, Float16.mult(value, b0));
            c11 = Float16.add(c11, Float16.mult(value, b1));
        }
        if (keep != 0) {
            c00 = Float16.add(c00, load(f, c0));
            c01 = Float16.add(c01, load(f, c0 + COUNT));
            c10 = Float16.add(c10, load(f, c1));
            c11 = Float16.add(c11, load(f, c1 + COUNT));
        }
        store(f, c0, c00);
        store(f, c0 + COUNT, c01);
        store(f, c1, c10);
        store(f, c1 + COUNT, c11);
    }
}
