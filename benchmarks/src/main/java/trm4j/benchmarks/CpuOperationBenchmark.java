package trm4j.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The cpu device's other operations. */
public class CpuOperationBenchmark extends OperationBenchmark {

    @Param
    public CpuOperation operation;

    private double bytes;

    @Setup
    public void setUp() {
        bytes = operation.bytes();
        computation = operation.computation();
    }

    @Benchmark
    public void run(Work.Traffic work) {
        computation.run();
        work.gigabyte += bytes * 1e-9;
    }
}
