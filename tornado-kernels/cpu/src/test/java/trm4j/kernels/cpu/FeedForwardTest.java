package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SwiGlu;

/** Feed-forwards that one kernel does give the bits of their operations, each in a program of its own. */
class FeedForwardTest {

    /** A feed-forward whose gates and ups are kept in one of two slots, and a way back that reads them. */
    private record Net(Program forward, Program backward, Index slot, List<Buffer> in, List<Buffer> results) {

        static Net byRows(int rows, int width, int inner) {
            var x = Buffer.floats("x", rows, width);
            var up = Buffer.floats("up", 2 * inner, width);
            var down = Buffer.floats("down", inner, width);
            var gateUp = Buffer.floats("gateUp", 2, rows, 2 * inner);
            var gated = Buffer.floats("gated", rows, inner);
            var y = Buffer.floats("y", rows, width);
            var slot = new Index("slot", 2);
            var kept = gateUp.at(slot);
            return of(
                    List.of(
                            MatMul.set(x.all(), false, up.all(), true, kept),
                            new SwiGlu.Forward(kept.as(rows, 2, inner), gated.all()),
                            MatMul.set(gated.all(), false, down.all(), false, y.all())),
                    slot, List.of(x, up, down), gateUp, gated, y);
        }

        static Net byColumns(int batch, int rows, int columns, int inner) {
            var x = Buffer.floats("x", batch, rows, columns);
            var up = Buffer.floats("up", 2 * inner, rows);
            var down = Buffer.floats("down", rows, inner);
            var gateUp = Buffer.floats("gateUp", 2, batch, 2 * inner, columns);
            var gated = Buffer.floats("gated", batch, inner, columns);
            var y = Buffer.floats("y", batch, rows, columns);
            var slot = new Index("slot", 2);
            var kept = gateUp.at(slot);
            return of(
                    List.of(
                            MatMul.set(up.all(), false, x.all(), false, kept),
                            new SwiGlu.Forward(kept.as(batch, 2, inner * columns), gated.all()),
                            MatMul.set(down.all(), false, gated.all(), false, y.all())),
                    slot, List.of(x, up, down), gateUp, gated, y);
        }

        private static Net of(
                List<Operation> forward, Index slot, List<Buffer> in, Buffer gateUp, Buffer gated, Buffer y) {
            var halves = ((SwiGlu.Forward) forward.get(1)).gateUp();
            var dGateUp = Buffer.floats("dGateUp", halves.dim(0), 2, halves.dim(2));
            var back = new SwiGlu.Backward(halves, gated.all(), gated.all(), dGateUp.all());
            return new Net(
                    new Program("forward", forward), new Program("backward", back), slot, in,
                    List.of(gateUp, gated, y, dGateUp));
        }

        /** Runs through both slots twice, then back through the first; every operation by itself, or not. */
        Schedule schedule(boolean apart) {
            var schedule = Schedule.named("test");
            var programs = apart
                    ? forward.operations().stream().map(op -> new Program("apart", op)).toList()
                    : List.of(forward);
            for (int i = 0; i < 4; i++) {
                schedule.with(slot, i % 2);
                programs.forEach(schedule::run);
            }
            return schedule.with(slot, 0).run(backward).build();
        }

        /** Returns what all buffers hold afterwards. */
        float[][] run(boolean apart, int threads) {
            var schedule = schedule(apart);
            try (var execution = new CpuDevice(threads).open(List.of(schedule))) {
                var random = new Random(3);
                for (var buffer : in) {
                    var values = new float[buffer.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) random.nextGaussian();
                    }
                    execution.write(buffer, values);
                }
                execution.run(schedule);
                return results.stream().map(execution::floats).toArray(float[][]::new);
            }
        }
    }

    @Tag("vectors")
    @ParameterizedTest
    @CsvSource({"5, 3, 2, 1", "67, 40, 33, 1", "131, 530, 70, 2", "120, 33, 1050, 1"})
    void rowsAreThoseOfTheOperations(int rows, int width, int inner, int threads) {
        checkBits(Net.byRows(rows, width, inner), threads);
    }

    @Tag("vectors")
    @ParameterizedTest
    @CsvSource({"2, 3, 5, 2, 1", "2, 17, 70, 19, 1", "3, 97, 140, 33, 2", "2, 530, 33, 30, 1", "2, 5, 40, 1050, 1"})
    void columnsAreThoseOfTheOperations(int batch, int rows, int columns, int inner, int threads) {
        checkBits(Net.byColumns(batch, rows, columns, inner), threads);
    }

    private static void checkBits(Net net, int threads) {
        var apart = net.run(true, threads);
        var together = net.run(false, threads);
        for (int i = 0; i < apart.length; i++) {
            assertArrayEquals(apart[i], together[i], net.results().get(i).name());
        }
    }

    /** Gates and ups are written in the second round only, since it overwrites the first; gated products at the end. */
    @Test
    void whatIsOverwrittenIsNotRead() {
        var net = Net.byRows(4, 3, 2);
        var reads = new LaterReads(net.schedule(false));
        var gate = FeedForward.startOf(net.forward().operations()).orElseThrow().gate();
        assertEquals(
                List.of(false, false, true, true),
                IntStream.range(0, 4).mapToObj(call -> reads.reaches(call, 3, gate.gateUp())).toList());
        assertEquals(
                List.of(false, false, false, true),
                IntStream.range(0, 4).mapToObj(call -> reads.reaches(call, 3, gate.out())).toList());
    }

    @Test
    void otherOperationsAreNoFeedForward() {
        var operations = Net.byRows(4, 3, 2).forward().operations();
        var project = (MatMul) operations.get(0);
        var adds = MatMul.add(project.a(), project.transposeA(), project.b(), project.transposeB(), project.c());
        assertEquals(
                Optional.empty(), FeedForward.startOf(List.of(adds, operations.get(1), operations.get(2))));
        var elsewhere = Net.byRows(4, 3, 2).forward().operations();
        assertEquals(Optional.empty(), FeedForward.startOf(List.of(project, elsewhere.get(1), elsewhere.get(2))));
        assertEquals(Optional.empty(), FeedForward.startOf(operations.subList(0, 2)));
    }
}
