package trm4j.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Attention between all positions. */
public class AttentionBenchmark extends OperationBenchmark {

    /** 8 heads of 64; with the 16 positions of the puzzle. */
    public enum Puzzles {
        SUDOKU(new AttentionSize(32, 97, 8, 64)),
        MAZE(new AttentionSize(4, 916, 8, 64));

        private final AttentionSize size;

        Puzzles(AttentionSize size) {
            this.size = size;
        }

        AttentionSize size() {
            return size;
        }
    }

    @Param
    public Puzzles puzzles;

    @Param({"TRM4J", "DJL", "TORCHSCRIPT"})
    public Library with;

    @Setup
    public void setUp() {
        prepare(with, by -> Attentions.forward(puzzles.size, by));
    }

    @Benchmark
    public void run(Work.Arithmetic work) {
        computation.run();
        work.gflop += puzzles.size.forwardFlops() * 1e-9;
    }
}
