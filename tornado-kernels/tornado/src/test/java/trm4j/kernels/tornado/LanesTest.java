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

    @Test
    void atan2IsThatOfDoublePrecision() {
        for (float size : new float[] {1e-35f, 1e-18f, 1, 1e30f}) {
            for (int degrees = -900; degrees <= 900; degrees++) {
                float y = (float) (size * Math.sin(degrees * Math.PI / 1_800));
                float x = (float) (size * Math.abs(Math.cos(degrees * Math.PI / 1_800)));
                assertEquals(Math.atan2(y, x), atan2(y, x), 3e-7, "atan2 of " + y + " and " + x);
            }
        }
        assertEquals(0f, atan2(0, 0), 0);
        assertEquals(Math.PI / 2, atan2(1, 0), 3e-7);
    }

    private static float atan2(float y, float x) {
        return Lanes.atan2(Lanes.all(y), Lanes.all(x)).getS7();
    }

    private static float sigmoid(float x) {
        return Lanes.sigmoid(Lanes.all(x)).getS7();
    }
}
