package trm4j.kernels.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Buffer;

class ValuesTest {

    @Test
    void rowsOfTablesStayBelowTheirNumber() {
        var ids = Buffer.ints("ids", 2, 3).all();
        var table = Buffer.floats("table", 9, 4).all();
        var out = Buffer.floats("out", 2, 12).all();
        var rate = Buffer.floats("rate", 1).all();
        for (var operation : List.of(
                new Embedding.Gather(ids, table, out, 0, 4, 1), new Embedding.ScatterAdd(ids, out, table, 0, 4, 1),
                new SignSgd(ids.as(6), out.as(6, 4), table, rate, 0))) {
            assertEquals(new Values(0, 9), operation.values(operation.reads().getFirst()), operation.name());
            assertEquals(new Values(-1, 1), operation.values(table), operation.name());
        }
    }

    @Test
    void byItselfATensorHoldsSignedNumbersOrFlags() {
        var select = new SelectRows(
                Buffer.ints("mask", 3).all(), Buffer.floats("source", 3, 4).all(), Buffer.floats("out", 3, 4).all());
        assertEquals(new Values(0, 2), select.values(select.mask()));
        assertEquals(new Values(-1, 1), select.values(select.source()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, Double.NaN})
    void refusesARangeThatEndsBeforeItStarts(double low) {
        assertThrows(IllegalArgumentException.class, () -> new Values(low, 0.5));
    }

    @Test
    void gradientsInPlaceOfGatesDecay() {
        var gateUp = Buffer.floats("gateUp", 3, 2, 4).all();
        var out = Buffer.floats("out", 3, 4).all();
        var dOut = Buffer.floats("dOut", 3, 4).all();
        assertTrue(new SwiGlu.Backward(gateUp, dOut, out, gateUp).decays());
        assertFalse(new SwiGlu.Backward(gateUp, dOut, out, Buffer.floats("dGateUp", 3, 2, 4).all()).decays());
    }
}
