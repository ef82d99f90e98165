package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.MatMul;

class RoundingKernelsTest {

    /** What is between the two copied parts, and after them, must stay. */
    @ParameterizedTest
    @CsvSource({
        "BF16, BF16, 0, 64, copy blocks", "BF16, BF16, 0, 40, narrow", "BF16, BF16, 3, 64, narrow",
        "BF16, F32, 32, 64, widen blocks", "BF16, F32, 16, 64, widen", "F32, BF16, 0, 96, narrow blocks",
        "F32, BF16, 1, 33, narrow", "BF16, BF16, 15, 2, narrow"
    })
    void copiesWholeTensorsAsBits(ElementType from, ElementType to, int start, int size, String kernel) {
        var source = Buffer.of("source", from, 130);
        var target = Buffer.of("target", to, 130);
        var copy = CopyColumns.all(source.all().part(start, size), target.all().part(start, size));
        var values = new float[130];
        var before = new float[130];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 200.3f;
            before[i] = -i;
        }
        values[start + size / 2] = Float.NaN;
        var schedule = Schedule.named("copy").run(new Program("copy", copy)).build();
        for (var set : List.of(new ProcessorKernels(1), new GpuKernels(1))) {
            try (var execution = new JvmDevice(set).open(List.of(schedule))) {
                execution.write(source, values);
                execution.write(target, before);
                execution.run(schedule);
                var expected = before.clone();
                for (int i = start; i < start + size; i++) {
                    expected[i] = Bfloat16.round(values[i]);
                }
                assertArrayEquals(expected, execution.floats(target));
            }
        }
        var launches = new RoundingKernels(new ProcessorKernels(1)).recipe(copy).orElseThrow().launches(null);
        assertEquals(List.of(kernel), launches.stream().map(Launch::kernel).toList());
    }

    /** The sum of the last two is rounded, not that of the first two. */
    @Test
    void addsTheLastTwoOfThreeTermsFirst() {
        var terms = Stream.of("one", "two", "three").map(name -> Buffer.of(name, ElementType.BF16, 1)).toList();
        var sum = new Add(terms.stream().map(Buffer::all).toList(), terms.getFirst().all());
        var schedule = Schedule.named("sum").run(new Program("sum", sum)).build();
        for (var set : List.of(new ProcessorKernels(1), new GpuKernels(1), new PortableKernels())) {
            try (var execution = new JvmDevice(set).open(List.of(schedule))) {
                execution.write(terms.get(0), new float[] {-1});
                execution.write(terms.get(1), new float[] {1});
                execution.write(terms.get(2), new float[] {0x1p-8f});
                execution.run(schedule);
                assertArrayEquals(new float[] {0}, execution.floats(terms.getFirst()), set.name());
            }
        }
    }

    /** Half the bytes for buffers of bfloat16, and floats for one operation at a time beside them. */
    @Test
    void bytesAreThoseOfTheBuffersAndOfTheLargestOperation() {
        var a = Buffer.of("a", ElementType.BF16, 64, 32);
        var b = Buffer.floats("b", 32, 128);
        var c = Buffer.of("c", ElementType.BF16, 64, 128);
        var products = Stream.of(1, 2, 3)
                .map(_ -> MatMul.set(a.all(), false, b.all(), false, c.all()))
                .toArray(MatMul[]::new);
        var schedule = Schedule.named("products").run(new Program("products", products)).build();
        long floats = 64 * 32 / 2 + 32 * 128 + 64 * 128 / 2 + (64 * 32 + 32 * 128 + 64 * 128);
        var compilation = new Compilation("jvm", new GpuKernels(1), List.of(schedule));
        assertEquals(floats + Memory.FIRST, compilation.memory.floats());
    }

    /** A library has factors where they lie: of the weights alone is a copy made, of half their bytes. */
    @Test
    void aLibraryMultipliesBfloat16AsItLies() {
        var set = new LibraryKernels(new PlainProducts(), new GpuKernels(1));
        var x = Buffer.of("x", ElementType.BF16, 64, 32);
        var w = Buffer.floats("w", 32, 128);
        var y = Buffer.of("y", ElementType.BF16, 64, 128);
        var forward = MatMul.set(x.all(), false, w.all(), false, y.all());
        var gradient = MatMul.add(x.all(), true, y.all(), false, w.all());
        assertEquals(List.of("narrow", "library matmul"), kernels(set, forward));
        assertEquals(List.of("library matmul", "round", "add"), kernels(set, gradient));
        assertEquals(
                List.of("widen", "round", "matmul", "narrow"), kernels(new GpuKernels(1), forward));
        var schedule = Schedule.named("product").run(new Program("product", forward)).build();
        long floats = 64 * 32 / 2 + 32 * 128 + 64 * 128 / 2 + 32 * 128 / 2;
        assertEquals(floats + Memory.FIRST, new Compilation("jvm", set, List.of(schedule)).memory.floats());
    }

    private static List<String> kernels(KernelSet set, MatMul product) {
        return new RoundingKernels(set).recipe(product).orElseThrow()
                .launches(elements -> Buffer.floats("scratch", elements).all()).stream().map(Launch::kernel).toList();
    }

    @Test
    void anOperationThatASetDoesNotHaveIsNoneOfBfloat16Either() {
        var a = Buffer.of("a", ElementType.BF16, 2, 2).all();
        assertEquals(
                Optional.empty(),
                new RoundingKernels(new PortableKernels()).recipe(MatMul.set(a, false, a, false, a)).map(Recipe::scratch));
    }
}
