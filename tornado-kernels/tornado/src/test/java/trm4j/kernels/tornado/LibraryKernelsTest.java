package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.MatMul;

/** A set that leaves products to a library: on the JVM, with loops in place of the library. */
class LibraryKernelsTest {

    static Stream<OperationCase> products() {
        return Stream.concat(Cases.products(), Cases.rounded(Cases.products())).filter(c -> c.setup().size() < 200);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void computes(OperationCase operation) {
        var kernels = new LibraryKernels(new PlainProducts(), new GpuKernels(1));
        OperationRunner.check(new JvmDevice(kernels), operation, Placement.AT_AN_INDEX);
    }

    @Test
    void isCalledInTurnWithThePlacesOfTheCurrentCall() {
        var library = new PlainProducts();
        checkTurns(new JvmDevice(new LibraryKernels(library, new GpuKernels(1))), library.asked);
    }

    /** Kernels between products, and rows that change: each call makes of x 2 w x + w w x, for the w of an index. */
    static void checkTurns(Device device, List<String> asked) {
        var which = new Index("which", 3);
        var w = Buffer.floats("w", 3, 1, 1);
        var x = Buffer.floats("x", 1, 1);
        var y = Buffer.floats("y", 1, 1);
        var program = new Program(
                "grow",
                MatMul.set(w.at(which), false, x.all(), false, y.all()),
                new Add(List.of(y.all(), y.all()), x.all()),
                MatMul.add(w.at(which), false, y.all(), false, x.all()));
        var schedule = Schedule.named("growing")
                .with(which, 2).run(program).with(which, 0).run(program).with(which, 1).run(program).build();
        try (var execution = device.open(List.of(schedule))) {
            execution.write(w, new float[] {2, 3, 5});
            execution.write(x, new float[] {1});
            execution.run(schedule);
            assertArrayEquals(new float[] {(10 + 25) * (4 + 4) * (6 + 9)}, execution.floats(x));
        }
        var products = asked.stream().filter(what -> what.startsWith("1x1x1")).toList();
        assertEquals(Collections.nCopies(3, List.of("1x1x1 NN", "1x1x1 NN+")).stream().flatMap(List::stream).toList(),
                products);
    }
}
