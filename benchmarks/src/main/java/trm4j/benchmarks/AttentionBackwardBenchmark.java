package trm4j.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The gradient of attention, weights computed again. */
public class AttentionBackwardBenchmark extends OperationBenchmark {

    @Param
    public AttentionBenchmark.Puzzles puzzles;

    @Setup
    public void setUp() {
        computation = Attentions.backward(puzzles.size());
    }

    @Benchmark
    public void run(Work.Arithmetic work) {
        computation.run();
        work.gflop += puzzles.size().backwardFlops() * 1e-9;
    }
}
