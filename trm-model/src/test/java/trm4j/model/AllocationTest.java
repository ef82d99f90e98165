package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.cpu.CpuDevice;

/** What a training step allocates on the Java heap once its kernels are compiled. */
class AllocationTest {

    private static final int BATCH = 16;
    private static final int MOST_STEPS = 3000;

    /** Of these the first part is for metrics, the batch's step limits, rates and random state; the rest for luck. */
    private static final long BYTES = 1024 + 4 * BATCH + 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * Until C2 has compiled them, the Vector API's operations make an object for each vector, some megabytes a step.
     * How many steps that takes depends on the machine, so some steps of that kind are enough, however late.
     */
    @ParameterizedTest
    @ValueSource(strings = {
        "{'mlp_t': true}", "{'mlp_t': false, 'pos_encodings': 'rope'}", "{'mlp_t': true, 'no_ACT_continue': false}"
    })
    void aStepAllocatesNothingButItsMetrics(String arch) throws JsonProcessingException {
        var base = "{'hidden_size': 32, 'num_heads': 2, 'h_cycles': 2, 'l_cycles': 2, 'puzzle_emb_ndim': 32,"
                + " 'puzzle_emb_len': 1, 'halt_max_steps': 3}";
        var defaults = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(base.replace('\'', '"')), "test");
        var config = Settings.read(defaults, Settings.MAPPER.readTree(arch.replace('\'', '"')), "test")
                .forPuzzles(16, 6, 3);
        var train = Settings.read(
                TrainConfig.PAPER, Settings.MAPPER.readTree("{\"batch_size\": " + BATCH + ", \"micro_batch\": 8}"),
                "test");
        var batch = batch(config);
        long least = Long.MAX_VALUE;
        try (var trainer = new Trainer(
                new CpuDevice(2), config, train, MOST_STEPS, new Parameters(config).initialize(1), 0)) {
            for (int step = 0; step < MOST_STEPS && least > BYTES; step++) {
                long before = THREADS.getTotalThreadAllocatedBytes();
                trainer.step(batch);
                least = Math.min(least, THREADS.getTotalThreadAllocatedBytes() - before);
            }
        }
        assertTrue(least <= BYTES, least + " bytes, expected at most " + BYTES);
    }

    private static Batch batch(TrmConfig config) {
        var random = new SplittableRandom(1);
        int tokens = BATCH * config.seqLen();
        return new Batch(
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(BATCH, 0, config.numPuzzleIdentifiers()).toArray());
    }
}
