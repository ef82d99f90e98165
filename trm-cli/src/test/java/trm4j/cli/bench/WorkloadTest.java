package trm4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SwiGlu;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

class WorkloadTest {

    private static final int BATCH = 6;
    private static final int D = 32;
    private static final int L = 16;
    private static final int P = 2;
    private static final int V = 6;
    private static final int LAYERS = 2;
    /** For both D and T = 18: one step of 256. */
    private static final int INNER = 256;

    /** Against the recursion as the paper has it, counted by hand. */
    @ParameterizedTest
    @CsvSource({"3, 2, 6", "1, 1, 6", "2, 3, 2"})
    void countsWhatATrainingStepComputes(int hCycles, int lCycles, int micro) {
        var workload = training(hCycles, lCycles, micro);
        int micros = BATCH / micro;
        long forward = (long) micros * hCycles * (lCycles + 1) * LAYERS;
        long backward = (long) micros * (lCycles + 1) * LAYERS;
        assertEquals(2 * forward, calls(workload, SwiGlu.Forward.class));
        assertEquals(2 * backward, calls(workload, SwiGlu.Backward.class));
        assertEquals(1, calls(workload, AdamAtan2.class));

        int t = P + L;
        // Gate, up and down, for the width and for the positions; backward is twice as much.
        long layer = 6L * micro * t * D * (INNER + INNER);
        long heads = 3 * (2L * BATCH * L * D * V + 2L * BATCH * D * 2);
        assertEquals((forward + 2 * backward) * layer + heads, workload.flops());
    }

    @Test
    void countsWhatAnEvaluationStepComputes() {
        var train = Settings.read(TrainConfig.PAPER, json("{batch_size: %d}".formatted(BATCH)), "test");
        var workload = Workload.ofEvaluation(arch(3, 2), train, new Isolation());
        long layer = 6L * BATCH * (P + L) * D * (INNER + INNER);
        long heads = 2L * BATCH * L * D * V + 2L * BATCH * D * 2;
        assertEquals(3 * 3 * LAYERS * layer + heads, workload.flops());
    }

    @Test
    void operationsOfOneKindAndShapeAreOne() {
        var isolation = new Isolation();
        var states = Buffer.floats("states", 5, 7);
        var slot = new Index("slot", 5);
        var other = Buffer.floats("other", 7).all();
        var first = isolation.of(new Add(List.of(states.at(slot), other), states.at(0)));
        var second = isolation.of(new Add(List.of(other, states.at(1)), states.at(2)));
        assertEquals(first, second);
        var inPlace = isolation.of(new Add(List.of(other, states.at(1)), other));
        assertNotEquals(first, inPlace);
        assertSame(inPlace.reads().getFirst().buffer(), inPlace.writes().getFirst().buffer());
    }

    private static long calls(Workload workload, Class<? extends Operation> kind) {
        return workload.entries().stream()
                .filter(e -> kind.isInstance(e.operation()))
                .mapToLong(Workload.Entry::calls)
                .sum();
    }

    private static Workload training(int hCycles, int lCycles, int micro) {
        var train = Settings.read(TrainConfig.PAPER, json("{batch_size: 6, micro_batch: %d}".formatted(micro)), "test");
        return Workload.ofTraining(arch(hCycles, lCycles), train, new Isolation());
    }

    private static TrmConfig arch(int hCycles, int lCycles) {
        var settings = "{hidden_size: %d, puzzle_emb_ndim: %d, puzzle_emb_len: %d, h_cycles: %d, l_cycles: %d}"
                .formatted(D, D, P, hCycles, lCycles);
        return Settings.read(TrmConfig.PAPER, json(settings), "test").forPuzzles(L, V, 3);
    }

    private static JsonNode json(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
