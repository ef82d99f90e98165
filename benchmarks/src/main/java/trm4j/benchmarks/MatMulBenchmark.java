package trm4j.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The full-size model's matrix products. */
public class MatMulBenchmark extends OperationBenchmark {

    /**
     * A layer's products and their gradients, D = 512: over features for 4,096 positions; over tokens for 32 Sudokus
     * of 97 positions.
     */
    public enum Product {
        GATE_UP(MatMulSize.rows(4096, 512, 3072)),
        GATE_UP_BY_INPUT(MatMulSize.rowsByInput(4096, 512, 3072)),
        GATE_UP_BY_WEIGHT(MatMulSize.rowsByWeight(4096, 512, 3072)),
        DOWN(MatMulSize.rows(4096, 1536, 512)),
        DOWN_BY_INPUT(MatMulSize.rowsByInput(4096, 1536, 512)),
        DOWN_BY_WEIGHT(MatMulSize.rowsByWeight(4096, 1536, 512)),
        QKV(MatMulSize.rows(4096, 512, 1536)),
        ATTENTION_OUT(MatMulSize.rows(4096, 512, 512)),
        TOKEN_GATE_UP(MatMulSize.columns(32, 97, 1024, 512)),
        TOKEN_GATE_UP_BY_INPUT(MatMulSize.columnsByInput(32, 97, 1024, 512)),
        TOKEN_GATE_UP_BY_WEIGHT(MatMulSize.columnsByWeight(32, 97, 1024, 512)),
        TOKEN_DOWN(MatMulSize.columns(32, 512, 97, 512)),
        TOKEN_DOWN_BY_INPUT(MatMulSize.columnsByInput(32, 512, 97, 512)),
        TOKEN_DOWN_BY_WEIGHT(MatMulSize.columnsByWeight(32, 512, 97, 512));

        private final MatMulSize size;

        Product(MatMulSize size) {
            this.size = size;
        }

        MatMulSize size() {
            return size;
        }
    }

    @Param
    public Product product;

    @Param({"TRM4J", "OPENBLAS", "DJL"})
    public Library with;

    @Setup
    public void setUp() {
        prepare(with, by -> MatMuls.of(product.size, by));
    }

    @Benchmark
    public void run(Work.Arithmetic work) {
        computation.run();
        work.gflop += product.size.flops() * 1e-9;
    }
}
