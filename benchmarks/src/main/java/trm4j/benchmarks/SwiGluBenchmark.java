package trm4j.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The gated product of the feed-forward. */
public class SwiGluBenchmark extends OperationBenchmark {

    /** Over features for 4,096 positions, 1,536 wide; over tokens for 32 Sudokus, 512 wide. */
    public enum Mlp {
        FEATURES(4096, 1536),
        TOKENS(32, 512 * 512);

        private final int outer;
        private final int inner;

        Mlp(int outer, int inner) {
            this.outer = outer;
            this.inner = inner;
        }
    }

    @Param
    public Mlp mlp;

    @Param({"TRM4J", "DJL", "TORCHSCRIPT"})
    public Library with;

    @Setup
    public void setUp() {
        prepare(with, by -> SwiGlus.of(mlp.outer, mlp.inner, by));
    }

    @Benchmark
    public void run(Work.Traffic work) {
        computation.run();
        work.gigabyte += 3.0 * mlp.outer * mlp.inner * Float.BYTES * 1e-9;
    }
}
