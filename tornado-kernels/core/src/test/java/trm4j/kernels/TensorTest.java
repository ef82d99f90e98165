package trm4j.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTest {

    private static final Buffer BUFFER = Buffer.floats("buffer", 3, 4, 5);
    private static final Index INDEX = new Index("index", 3);

    @Test
    void buffersKnowTheirSize() {
        assertEquals(60, BUFFER.size());
        assertEquals(240, BUFFER.bytes());
        assertEquals("buffer[3x4x5]", BUFFER.toString());
        assertEquals(1, Buffer.ints("number").size());
    }

    @Test
    void partsOfTheOutermostDimension() {
        assertEquals(new Tensor(BUFFER, 20, Shape.of(4, 5), null, 0), BUFFER.at(1));
        assertEquals(new Tensor(BUFFER, 35, Shape.of(5), null, 0), BUFFER.at(1).at(3));
        assertEquals(new Tensor(BUFFER, 37, Shape.of(), null, 0), BUFFER.at(1).at(3).at(2));
    }

    @Test
    void partsThatAnIndexChooses() {
        assertEquals(new Tensor(BUFFER, 0, Shape.of(4, 5), INDEX, 20), BUFFER.at(INDEX));
        assertEquals(new Tensor(BUFFER, 15, Shape.of(5), INDEX, 20), BUFFER.at(INDEX).at(3));
        assertEquals(new Tensor(BUFFER, 20, Shape.of(5), new Index("row", 4), 5), BUFFER.at(1).at(new Index("row", 4)));
    }

    @Test
    void otherShapesOfTheSameElements() {
        assertEquals(new Tensor(BUFFER, 0, Shape.of(2, 10), INDEX, 20), BUFFER.at(INDEX).as(2, 10));
        assertEquals(new Tensor(BUFFER, 27, Shape.of(2, 3), null, 0), BUFFER.at(1).part(7, 2, 3));
    }

    @Test
    void dimensionsCountFromEitherEnd() {
        var shape = Shape.of(3, 4, 5);
        assertEquals(3, shape.dim(0));
        assertEquals(5, shape.dim(-1));
        assertEquals(3, shape.dim(-3));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void refusesPartsThatAreNotThere(int i) {
        refuses(() -> BUFFER.at(i));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void refusesPartsOfAPartThatAreElsewhereInTheBuffer(int i) {
        refuses(() -> BUFFER.at(1).at(i));
    }

    @Test
    void refusesStretchesThatLeaveTheirTensor() {
        refuses(() -> BUFFER.all().part(41, 4, 5));
        refuses(() -> BUFFER.at(1).part(-1, 2));
        refuses(() -> BUFFER.at(1).part(1, 4, 5));
        refuses(() -> BUFFER.at(INDEX).part(16, 5));
    }

    @Test
    void refusesIndicesThatHaveNoPlace() {
        refuses(() -> BUFFER.at(new Index("longer", 4)));
        refuses(() -> BUFFER.at(INDEX).at(new Index("second", 2)));
        refuses(() -> new Index("none", 0));
    }

    @Test
    void refusesShapesOfAnotherSize() {
        refuses(() -> BUFFER.all().as(4, 4, 4));
        refuses(() -> Shape.of(3, 0));
        refuses(() -> Shape.of(-1));
    }

    private static void refuses(Executable action) {
        assertThrows(IllegalArgumentException.class, action);
    }

    @Test
    void refusesBuffersTooLargeForAnArray() {
        var refusal = assertThrows(DeviceException.class, () -> Buffer.floats("states", 1 << 16, 1 << 15));
        assertTrue(
                refusal.getMessage().startsWith("Buffer states [65536x32768] would hold 2,147,483,648 elements, "),
                refusal::getMessage);
        assertTrue(
                refusal.getMessage().endsWith("choose a smaller model, or fewer puzzles at a time."),
                refusal::getMessage);
    }
}
