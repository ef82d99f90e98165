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
        var config = TrmConfig.PAPER.forPuzzles(9, 5, 3).with(arch -> {
            arch.puzzleEmbNdim = 24;
            arch.puzzleEmbLen = 2;
            arch.lLayers = 3;
            arch.hiddenSize = 16;
            arch.posEncodings = TrmConfig.Positions.LEARNED;
            arch.separateNets = separateNets;
        });
        var shapes = WeightShapes.of(new Parameters(config).shapes(), "the test");
        assertEquals(new WeightShapes(5, 16, 3, 24, 3, true, true, 11, 256, 256, separateNets), shapes);
    }
}
