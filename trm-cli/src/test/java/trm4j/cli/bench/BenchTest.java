package trm4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.bench.OperationResult.Check;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Precision;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.MatMul;

class BenchTest {

    private static final double SHORT = 1e-4;

    @TempDir
    private Path dir;

    /** A cpu whose norms over columns come out a little wrong. */
    private static Device faulty() {
        return new StandInDevice("faulty", Long.MAX_VALUE, schedules ->
                new ForwardingExecution(TestDevices.cpu(1).open(schedules)) {

                    private boolean wrong;

                    @Override
                    public void run(Schedule schedule) {
                        wrong = schedule.name().startsWith("rmsNorm columns x");
                        super.run(schedule);
                    }

                    @Override
                    public float[] floats(Buffer buffer) {
                        var values = super.floats(buffer);
                        values[values.length / 2] += wrong ? 1e-3f : 0;
                        return values;
                    }
                });
    }

    /** Only products are rounded: to 11 bits, a factor loses up to 2^-11 of itself, twice that where bits are cut off. */
    @Test
    void productsMayBeAsFarOffAsTheirPrecision() {
        var x = Buffer.floats("x", 1, 1).all();
        var product = MatMul.set(x, false, x, false, Buffer.floats("y", 1, 1).all());
        assertEquals(1e-4, Bench.tolerance(product, Precision.FLOAT32));
        assertEquals(1.0 / 256, Bench.tolerance(product, Precision.TF32));
        assertEquals(1.0 / 32, Bench.tolerance(product, Precision.BF16));
        assertEquals(1e-4, Bench.tolerance(new Fill(x, 1), Precision.BF16));
        var halves = Buffer.of("halves", ElementType.BF16, 2, 2).all();
        assertEquals(1.0 / 32, Bench.tolerance(new Fill(halves, 1), Precision.FLOAT32));
    }

    @Test
    void tellsWhatADeviceComputesWrong() throws IOException {
        var report = bench().run(List.of(TestDevices.cpu(2), faulty()), "test");
        assertFalse(report.passes());
        var first = report.devices().get(0);
        var second = report.devices().get(1);
        assertTrue(first.operations().stream().allMatch(o -> o.check() == Check.REFERENCE));
        var wrong = second.operations().stream()
                .filter(o -> !o.passes())
                .map(o -> o.operation() + " " + o.shape())
                .toList();
        assertEquals(List.of("rmsNorm columns 3x17x8"), wrong);
        var ok = second.operations().stream().filter(OperationResult::passes).toList();
        assertTrue(ok.stream().allMatch(o -> o.check() == Check.OK && o.error() == 0), ok.toString());

        var text = new StringWriter();
        BenchTable.print(report, new PrintWriter(text));
        var line = text.toString().lines().filter(l -> l.contains("WRONG")).collect(Collectors.joining());
        BenchFolder.create(dir.resolve("out")).write(report);
        assertEquals("MISMATCH", BenchFolder.read(dir.resolve("out")).findValuesAsText("check").stream()
                .filter(check -> !check.equals("REFERENCE") && !check.equals("OK")).findFirst().orElseThrow());
        assertTrue(line.matches("rmsNorm columns +3x17x8 .*reference +WRONG \\de-0\\d"), text.toString());
    }

    @Test
    void anInfiniteOrMissingNumberIsAMismatch() {
        assertEquals(0, OperationBench.error(new float[] {1, -2}, new float[] {1, -2}));
        assertEquals(0.25, OperationBench.error(new float[] {1, -1.5f}, new float[] {1, -2}));
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertEquals(
                    Double.POSITIVE_INFINITY, OperationBench.error(new float[] {odd, 1}, new float[] {odd, 1}));
        }
    }

    private Bench bench() throws IOException {
        var config = Files.writeString(dir.resolve("tiny.yaml"), """
                puzzles: {size: 4}
                arch: {hidden_size: 8, puzzle_emb_ndim: 8, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 1, l_layers: 1,
                  expansion: 1, num_heads: 2}
                """);
        return new Bench(BenchShape.named(config.toString(), 3, List.of()), false, 1, SHORT, _ -> {});
    }
}
