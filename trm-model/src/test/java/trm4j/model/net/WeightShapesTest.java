package trm4j.model.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.model.config.TrmConfig;

/** What weights of a known architecture say of it. */
class WeightShapesTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNetOfItsOwnIsSeen(boolean separateNets) {
        var config = new TrmConfig(
                9, 5, 3, 24, 2, 1, 2, 0, 3, 16, 4, 2, TrmConfig.Positions.LEARNED, 1e-5, 1e4, 4, 0, "float32", true,
                true, separateNets);
        var shapes = WeightShapes.of(new Parameters(config).shapes(), "the test");
        assertEquals(new WeightShapes(5, 16, 3, 24, 3, true, true, 11, 256, 256, separateNets), shapes);
    }
}
