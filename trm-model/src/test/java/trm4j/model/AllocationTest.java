package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Schedule;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

/**
 * What the host allocates and moves for a training step. The device is one that does nothing: until C2 has compiled the
 * cpu device's kernels, the Vector API makes an object for each vector, and how long that takes is the machine's affair.
 */
class AllocationTest {

    private static final int BATCH = 768;
    private static final int STEPS = 100;
    /** What the norms of gradients and weights are added up from: 2 x 1,024 floats. */
    private static final long NORMS = 4 * 2 * 1024;
    /** The steps before which slots may not halt [B], the random state, rates, metrics: all else would be too much. */
    private static final long MOST = NORMS + 4 * BATCH + 1024;

    @Test
    void aStepAllocatesNothingButItsMetrics() throws JsonProcessingException {
        var batch = batch();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var trainer = trainer(new Idle())) {
            trainer.step(batch);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int step = 0; step < STEPS; step++) {
                trainer.step(batch);
            }
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
            assertTrue(each > NORMS + 4 * BATCH && each <= MOST, each + " bytes, expected at most " + MOST);
        }
    }

    /** Up: the batch and what each step draws. Down: metrics, and what norms are added up from. Nothing else. */
    @Test
    void aStepMovesTheBatchAndItsMetricsOnly() throws JsonProcessingException {
        var idle = new Idle();
        try (var trainer = trainer(idle)) {
            long up = idle.up;
            long down = idle.down;
            trainer.step(batch());
            long drawn = BATCH + 4;
            assertEquals(4L * (BATCH * (2 * 81 + 1) + drawn), idle.up - up);
            assertEquals(4 * 8 + NORMS, idle.down - down);
        }
    }

    private static Trainer trainer(Idle idle) throws JsonProcessingException {
        var small = "{\"hidden_size\": 32, \"puzzle_emb_ndim\": 32, \"puzzle_emb_len\": 1}";
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(small), "test").forPuzzles(81, 11, 1);
        var train = Settings.read(TrainConfig.PAPER, Settings.MAPPER.readTree("{\"micro_batch\": 64}"), "test");
        var device = new StandInDevice("idle", Long.MAX_VALUE, _ -> idle);
        return new Trainer(device, config, train, 1000, new Parameters(config).initialize(1), 0);
    }

    private static Batch batch() {
        return new Batch(new int[BATCH * 81], new int[BATCH * 81], new int[BATCH]);
    }

    /** Takes whatever is written to it, runs nothing, and has zeros; counts the bytes. */
    private static final class Idle implements Execution {

        private long up;
        private long down;

        @Override
        public void run(Schedule schedule) {}

        @Override
        public void write(Buffer buffer, float[] values) {
            up += buffer.bytes();
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            up += buffer.bytes();
        }

        @Override
        public float[] floats(Buffer buffer) {
            down += buffer.bytes();
            return new float[buffer.size()];
        }

        @Override
        public int[] ints(Buffer buffer) {
            down += buffer.bytes();
            return new int[buffer.size()];
        }

        @Override
        public void close() {}
    }
}
