package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.Execution;
import trm4j.kernels.Schedule;

/**
 * What the host allocates for a training step. The device is one that does nothing: until C2 has compiled the cpu
 * device's kernels, the Vector API makes an object for each vector, and how long that takes is the machine's affair.
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
        var small = "{\"hidden_size\": 32, \"puzzle_emb_ndim\": 32, \"puzzle_emb_len\": 1}";
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(small), "test").forPuzzles(81, 11, 1);
        var train = Settings.read(TrainConfig.PAPER, Settings.MAPPER.readTree("{\"micro_batch\": 64}"), "test");
        var batch = new Batch(new int[BATCH * 81], new int[BATCH * 81], new int[BATCH]);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var trainer = new Trainer(new Idle(), config, train, 1000, new Parameters(config).initialize(1), 0)) {
            trainer.step(batch);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int step = 0; step < STEPS; step++) {
                trainer.step(batch);
            }
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
            assertTrue(each > NORMS + 4 * BATCH && each <= MOST, each + " bytes, expected at most " + MOST);
        }
    }

    /** Takes whatever is written to it, runs nothing, and has zeros. */
    private static final class Idle implements Device, Execution {

        @Override
        public String name() {
            return "idle";
        }

        @Override
        public String description() {
            return "idle";
        }

        @Override
        public long memory() {
            return Long.MAX_VALUE;
        }

        @Override
        public long scratch(List<Schedule> schedules) {
            return 0;
        }

        @Override
        public Execution compile(List<Schedule> schedules) {
            return this;
        }

        @Override
        public void run(Schedule schedule) {}

        @Override
        public void write(Buffer buffer, float[] values) {}

        @Override
        public void write(Buffer buffer, int[] values) {}

        @Override
        public float[] floats(Buffer buffer) {
            return new float[buffer.size()];
        }

        @Override
        public int[] ints(Buffer buffer) {
            return new int[buffer.size()];
        }

        @Override
        public void close() {}
    }
}
