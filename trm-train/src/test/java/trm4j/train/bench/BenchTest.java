package trm4j.train.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.Execution;
import trm4j.kernels.Schedule;
import trm4j.kernels.cpu.CpuDevice;
import trm4j.train.bench.OperationResult.Check;

class BenchTest {

    private static final double SHORT = 1e-4;

    @TempDir
    private Path dir;

    /** A cpu whose norms over columns come out a little wrong. */
    private record Faulty(Device cpu) implements Device {

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public String description() {
            return cpu.description();
        }

        @Override
        public long memory() {
            return cpu.memory();
        }

        @Override
        public long scratch(List<Schedule> schedules) {
            return cpu.scratch(schedules);
        }

        @Override
        public Execution compile(List<Schedule> schedules) {
            return new FaultyExecution(cpu.compile(schedules));
        }
    }

    private static final class FaultyExecution implements Execution {

        private final Execution cpu;
        private boolean wrong;

        FaultyExecution(Execution cpu) {
            this.cpu = cpu;
        }

        @Override
        public void run(Schedule schedule) {
            wrong = schedule.name().startsWith("rmsNorm columns x");
            cpu.run(schedule);
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            cpu.write(buffer, values);
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            cpu.write(buffer, values);
        }

        @Override
        public float[] floats(Buffer buffer) {
            var values = cpu.floats(buffer);
            values[values.length / 2] += wrong ? 1e-3f : 0;
            return values;
        }

        @Override
        public int[] ints(Buffer buffer) {
            return cpu.ints(buffer);
        }

        @Override
        public void close() {
            cpu.close();
        }
    }

    @Test
    void tellsWhatADeviceComputesWrong() throws IOException {
        var report = bench().run(List.of(new CpuDevice(2), new Faulty(new CpuDevice(1))), "test");
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
        var written = new ArrayList<String>();
        BenchFolder.create(dir.resolve("out"), written::add).write(report);
        assertEquals(3, written.size(), written.toString());
        assertTrue(Files.readString(dir.resolve("out/time.svg")).contains("<svg"));
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
        return new Bench(BenchShape.named(config.toString(), 3, List.of()), 1, SHORT, _ -> {});
    }
}
