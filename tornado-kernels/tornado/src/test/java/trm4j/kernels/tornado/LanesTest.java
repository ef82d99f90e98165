package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LanesTest {

    private static final double EPSILON = Math.ulp(1f);

    @Test
    void sigmoidIsThatOfDoublePrecision() {
        for (float x = -80; x <= 80; x += 0.013f) {
            double expected = 1 / (1 + Math.exp(-x));
            // Rounding -x by half a bit makes e^-x as much less exact as x is large.
            assertEquals(expected, sigmoid(x), expected * EPSILON * (4 + 4 * Math.abs(x)), "sigmoid of " + x);
        }
    }

    @Test
    void sigmoidOfAnythingIsFrom0To1() {
        for (float x : new float[] {-Float.MAX_VALUE, -1e4f, -88, 88, 1e4f, Float.MAX_VALUE}) {
            assertEquals(x < 0 ? 0 : 1, sigmoid(x), 1e-37, "sigmoid of " + x);
        }
        assertEquals(0.5f, sigmoid(0), 0);
        assertTrue(sigmoid(Float.MIN_VALUE) >= 0.5f);
    }

    private static float sigmoid(float x) {
        return Lanes.sigmoid(Lanes.all(x)).getS7();
    }
}
