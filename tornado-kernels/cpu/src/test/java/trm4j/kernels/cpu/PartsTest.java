package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SwiGlu;

/**
 * Whether 64 cores have several parts each to do in what takes more than 3% of a training step of the full-size models, with
 * a batch of 768: parts are counted, and none is done. Attention, whose parts are heads of puzzles, has more of them.
 */
class PartsTest {

    private static final int CORES = 64;
    private static final int FOR_EACH = 4;
    private static final int BATCH = 768;
    private static final int D = 512;
    /** Positions of a Sudoku. */
    private static final int T = 97;
    private static final int ROWS = BATCH * T;

    static Stream<Operation> operations() {
        return Stream.of(
                product(ROWS, D, false, 3072, D, true, ROWS, 3072, false),
                product(ROWS, 3072, false, 3072, D, false, ROWS, D, true),
                product(ROWS, 3072, true, ROWS, D, false, 3072, D, true),
                product(ROWS, 1536, false, D, 1536, true, ROWS, D, false),
                product(ROWS, D, false, D, 1536, false, ROWS, 1536, false),
                product(ROWS, D, true, ROWS, 1536, false, D, 1536, true),
                product(ROWS, D, true, ROWS, D, false, D, D, true),
                new MatMul(floats(1024, T), false, floats(BATCH, T, D), false, floats(BATCH, 1024, D), false),
                new MatMul(floats(T, D), false, floats(BATCH, D, D), false, floats(BATCH, T, D), false),
                new MatMul(floats(1024, T), true, floats(BATCH, 1024, D), false, floats(BATCH, T, D), true),
                new MatMul(floats(T, D), true, floats(BATCH, T, D), false, floats(BATCH, D, D), false),
                new MatMul(floats(BATCH, 1024, D), false, floats(BATCH, T, D), true, floats(1024, T), true),
                new MatMul(floats(BATCH, T, D), false, floats(BATCH, D, D), true, floats(T, D), true),
                new SwiGlu.Forward(floats(ROWS, 2, 1536), floats(ROWS, 1536)),
                new SwiGlu.Backward(floats(ROWS, 2, 1536), floats(ROWS, 1536), floats(ROWS, 1536), floats(ROWS, 2, 1536)),
                new RmsNorm.Forward(
                        floats(ROWS, D, 1), floats(ROWS, D, 1), floats(ROWS, D, 1), floats(ROWS, 1), 1e-5f),
                new RmsNorm.Forward(
                        floats(BATCH, T, D), floats(BATCH, T, D), floats(BATCH, T, D), floats(BATCH, D), 1e-5f));
    }

    private static Operation product(
            int aRows, int aColumns, boolean transposeA, int bRows, int bColumns, boolean transposeB, int rows,
            int columns, boolean adds) {
        return new MatMul(
                floats(aRows, aColumns), transposeA, floats(bRows, bColumns), transposeB, floats(rows, columns), adds);
    }

    private static Tensor floats(int... shape) {
        return Buffer.floats("x", shape).all();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void thereAreSomeForEachCore(Operation operation) {
        assertEnough(List.of(operation), kernels -> kernels.of(operation));
    }

    @Test
    void thereAreSomeOfFeedForwards() {
        var gateUp = floats(ROWS, 3072);
        var gated = floats(ROWS, 1536);
        assertEnoughOfOneKernel(
                MatMul.set(floats(ROWS, D), false, floats(3072, D), true, gateUp),
                new SwiGlu.Forward(gateUp.as(ROWS, 2, 1536), gated),
                MatMul.set(gated, false, floats(D, 1536), true, floats(ROWS, D)));
        var gateUpOfColumns = floats(BATCH, 1024, D);
        var gatedColumns = floats(BATCH, 512, D);
        assertEnoughOfOneKernel(
                MatMul.set(floats(1024, T), false, floats(BATCH, T, D), false, gateUpOfColumns),
                new SwiGlu.Forward(gateUpOfColumns.as(BATCH, 2, 512 * D), gatedColumns),
                MatMul.set(floats(T, 512), false, gatedColumns, false, floats(BATCH, T, D)));
    }

    private static void assertEnoughOfOneKernel(Operation... operations) {
        assertEnough(
                List.of(operations),
                kernels -> kernels.of(kernels.feedForward(List.of(operations)).orElseThrow(), true, true));
    }

    private static void assertEnough(List<Operation> operations, Function<Kernels, Kernel> kernel) {
        var counts = new ArrayList<Integer>();
        var team = new Team(1) {
            @Override
            int size() {
                return CORES;
            }

            @Override
            void run(int count, Parts parts) {
                counts.add(count);
            }
        };
        try (team) {
            var memory = new Memory() {
                @Override
                Object array(Buffer buffer) {
                    return new float[0];
                }
            };
            var schedule = Schedule.named("x").run(new Program("x", operations)).build();
            kernel.apply(new Kernels(memory, team, List.of(schedule))).run(new int[1]);
        }
        // What comes before or after, packing and adding chunks up, is next to nothing.
        int most = Collections.max(counts);
        assertTrue(most >= FOR_EACH * CORES, operations.getFirst().size() + ": " + most + " parts");
    }
}
