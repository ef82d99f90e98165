package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/** Runs kernels that are plain parallel loops as what they are in Java: loops. Takes one operation a program. */
final class JvmDevice implements Device {

    private static final Traits TRAITS = new Traits(false, 1, 1 << 10);

    /** Multiplications in products that are left to devices: vectors are objects here, and slow. */
    private static final long LARGE = 2_000_000;

    /** Whether an operation's kernels are plain loops; others mean something only on a device. */
    static boolean takes(Operation operation) {
        return switch (operation) {
            case AdamAtan2 _, Add _, Attention _, BinaryCrossEntropy _, CopyColumns _, Embedding _, Fill _, FmaChain _,
                    Halting _, Rope _, RowBroadcast _, SelectRows _, SignSgd _, SquareSums _, SwiGlu _ -> true;
            case MatMul op -> (long) op.batch() * op.m() * op.n() * op.k() < LARGE;
            case RmsNorm.Forward op -> op.x().dim(2) > 1;
            case RmsNorm.Backward op -> op.dy().dim(2) > 1;
            default -> false;
        };
    }

    /** Kernels of operations that have several, by name. */
    private static void run(List<Launch> launches, int[] ints, float[] f) {
        int at = 0;
        for (var launch : launches) {
            switch (launch.kernel()) {
                case "attention" -> AttentionPanels.forward(ints, at, f);
                case "attention backward" -> AttentionPanels.backward(ints, at, f);
                case "attention delta" -> AttentionKernels.delta(ints, at, f);
                case "matmul" -> MatMulPanels.panels(ints, at, f);
                case "matmul dots" -> MatMulDots.dots(ints, at, f);
                case "matmul pack rows" -> PanelCopies.rows(ints, at, f);
                case "matmul pack" -> PanelCopies.columns(ints, at, f);
                case "matmul trim" -> PanelCopies.trim(ints, at, f);
                default -> throw new IllegalArgumentException(launch + " is no plain loop");
            }
            at += launch.columns();
        }
    }

    private static void run(Operation operation, int[] ints, float[] f) {
        switch (operation) {
            case AdamAtan2 op -> OptimizerKernels.adamAtan2(
                    ints, 0, op.beta1(), op.beta2(), op.decay(), op.emaRate(), f);
            case Add op when op.terms().size() == 2 -> CopyKernels.add(ints, 0, f);
            case Add _ -> CopyKernels.add3(ints, 0, f);
            case BinaryCrossEntropy op -> LossKernels.binaryCrossEntropy(ints, 0, op.gradScale(), f);
            case CopyColumns op when op.width() == 0 -> { }
            case CopyColumns op when CopyKernels.isWhole(op) -> CopyKernels.copyVectors(ints, 0, f);
            case CopyColumns op -> CopyKernels.copyColumns(ints, 0, op.scale(), op.accumulate() ? 1 : 0, f);
            case Embedding.Gather op -> EmbeddingKernels.gather(ints, 0, op.scale(), f);
            case Embedding.ScatterAdd op -> EmbeddingKernels.scatterAdd(ints, 0, op.scale(), f);
            case Fill op -> CopyKernels.fill(ints, 0, op.value(), f);
            case FmaChain op -> FmaChainKernel.chainVectors(ints, 0, op.factor(), op.term(), f);
            case Halting.Step op -> HaltingKernels.halt(ints, 0, op.maxSteps(), op.againstContinue() ? 1 : 0, f);
            case Halting.ContinueTarget op -> HaltingKernels.continueTarget(ints, 0, op.maxSteps(), f);
            case Halting.Metrics _ -> HaltingKernels.metrics(ints, 0, f);
            case RmsNorm.Forward op -> RmsNormColumns.forward(ints, 0, op.epsilon(), f);
            case RmsNorm.Backward _ -> RmsNormColumns.backward(ints, 0, f);
            case Rope op when op.rotated() == 0 -> { }
            case Rope _ -> RopeKernel.turn(ints, 0, f);
            case RowBroadcast.Forward op -> CopyKernels.rowBroadcast(ints, 0, op.scale(), f);
            case RowBroadcast.Backward op -> CopyKernels.rowBroadcastBackward(ints, 0, op.scale(), f);
            case SelectRows op when op.out().buffer().type() == ElementType.F32 -> CopyKernels.selectFloats(ints, 0, f);
            case SelectRows _ -> CopyKernels.selectInts(ints, 0);
            case SignSgd op -> OptimizerKernels.signSgd(ints, 0, op.decay(), f);
            case SquareSums _ -> SquareSumsKernel.squareSums(ints, 0, f);
            case SwiGlu.Forward op when SwiGluKernels.isOfVectors(op.gateUp().dim(2)) ->
                    SwiGluKernels.forwardVectors(ints, 0, f);
            case SwiGlu.Backward op when SwiGluKernels.isOfVectors(op.gateUp().dim(2)) ->
                    SwiGluKernels.backwardVectors(ints, 0, f);
            case SwiGlu.Forward _ -> SwiGluKernels.forward(ints, 0, f);
            case SwiGlu.Backward _ -> SwiGluKernels.backward(ints, 0, f);
            default -> throw new IllegalArgumentException(operation + " is no plain loop");
        }
    }

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(
                DeviceInfo.Kind.CPU, "kernels as Java loops", Long.MAX_VALUE, Long.MAX_VALUE, TRAITS.group());
    }

    @Override
    public Plan plan(List<Schedule> schedules) {
        var compilation = new Compilation(schedules, TRAITS);
        return new Plan() {

            @Override
            public long bytes() {
                return compilation.bytes();
            }

            @Override
            public Execution open() {
                var ints = new int[compilation.ints()];
                compilation.calls.write(ints);
                var floats = new float[(int) compilation.memory.floats()];
                compilation.constants.forEach((buffer, values) ->
                        System.arraycopy(values, 0, floats, compilation.memory.start(buffer), values.length));
                return new JvmExecution(compilation, ints, floats);
            }
        };
    }

    private record JvmExecution(Compilation compilation, int[] ints, float[] floats) implements Execution {

        @Override
        public void run(Schedule schedule) {
            ints[Calls.ROW] = compilation.calls.start(schedule);
            for (var call : schedule.calls()) {
                int before = ints[Calls.RAN];
                var launches = compilation.launches.get(call.program());
                switch (call.program().operations().getFirst()) {
                    case Attention _, MatMul _ -> JvmDevice.run(launches, ints, floats);
                    case Operation operation -> JvmDevice.run(operation, ints, floats);
                }
                if (ints[Calls.RAN] != before + launches.size()) {
                    throw new IllegalStateException("a kernel did not count itself");
                }
                Calls.next(ints, Calls.width(launches));
            }
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            System.arraycopy(values, 0, floats, compilation.memory.start(buffer), values.length);
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            System.arraycopy(values, 0, ints, compilation.memory.start(buffer), values.length);
        }

        @Override
        public float[] floats(Buffer buffer) {
            var values = new float[buffer.size()];
            System.arraycopy(floats, compilation.memory.start(buffer), values, 0, values.length);
            return values;
        }

        @Override
        public int[] ints(Buffer buffer) {
            var values = new int[buffer.size()];
            System.arraycopy(ints, compilation.memory.start(buffer), values, 0, values.length);
            return values;
        }

        @Override
        public void close() {}
    }
}
