package trm4j.kernels.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;

/** Names and sizes, as tables show them, where they depend on more than the operation's class. */
class NamesTest {

    static Stream<Arguments> operations() {
        return Stream.of(
                arguments("matmul 5x7x11 NN", MatMul.set(f(5, 7), false, f(7, 11), false, f(5, 11))),
                arguments("matmul 5x7x11 NT+", MatMul.add(f(5, 7), false, f(11, 7), true, f(5, 11))),
                arguments("matmul 3x 5x7x11 TN", MatMul.set(f(7, 5), true, f(3, 7, 11), false, f(3, 5, 11))),
                arguments("add 2x3", new Add(List.of(f(2, 3), f(6)), f(2, 3))),
                arguments("add 3 2x3", new Add(List.of(f(6), f(6), f(6)), f(2, 3))),
                arguments("copy 6", CopyColumns.all(f(2, 3), f(6))),
                arguments("copyColumns 2x3", new CopyColumns(f(2, 9), 1, f(2, 4), 0, 3, 1, false)),
                arguments("addColumns 2x3", new CopyColumns(f(2, 9), 1, f(2, 4), 0, 3, 1, true)),
                arguments("rmsNorm rows 4x8x1", new RmsNorm.Forward(f(4, 8, 1), f(4, 8, 1), f(4, 8, 1), f(4), 1)),
                arguments(
                        "rmsNorm columns backward 4x8x2",
                        new RmsNorm.Backward(f(4, 8, 2), f(4, 8, 2), f(4, 2), f(4, 8, 2))),
                arguments("rope 2x3x4x6", new Rope(f(2, 3, 4, 6), 1, 10, false)),
                arguments("rope backward 2x3x4x6", new Rope(f(2, 3, 4, 6), 1, 10, true)),
                arguments("gather 2x3 of 9x4", new Embedding.Gather(i(2, 3), f(9, 4), f(2, 12), 0, 4, 1)),
                arguments("scatterAdd 2x3 of 9x4", new Embedding.ScatterAdd(i(2, 3), f(2, 12), f(9, 4), 0, 4, 1)),
                arguments("signSgd 2 of 9x5", new SignSgd(i(2), f(2, 5), f(9, 5), f(1), 0)),
                arguments("scaleRows 3x4", new ScaleRows(f(3), f(3, 4))),
                arguments("selectRows 3x4", new SelectRows(i(3), f(3, 4), f(3, 4))),
                arguments("selectRows of ints 3x4", new SelectRows(i(3), i(3, 4), i(3, 4))),
                arguments("softmax 2x3x4", crossEntropy(CrossEntropy.Kind.SOFTMAX, Optional.of(f(2, 3, 4)))),
                arguments("stablemax loss only 2x3x4", crossEntropy(CrossEntropy.Kind.STABLEMAX, Optional.empty())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void tellsNameAndSize(String expected, Operation operation) {
        assertEquals(expected, operation.name() + " " + operation.size());
    }

    private static CrossEntropy crossEntropy(CrossEntropy.Kind kind, Optional<Tensor> dLogits) {
        return new CrossEntropy(kind, f(2, 3, 4), i(2, 3), 1, 0, dLogits, i(2, 3), f(2), i(2), i(2), f(2));
    }

    private static Tensor f(int... dimensions) {
        return Buffer.floats("f", dimensions).all();
    }

    private static Tensor i(int... dimensions) {
        return Buffer.ints("i", dimensions).all();
    }
}
