package trm4j.benchmarks;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Devices;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Operation;

/** One operation on the cpu device, as a schedule of its own. */
record CpuComputation(Execution execution, Schedule schedule, Buffer output) implements Computation {

    /**
     * What the operation reads is normally distributed, the first buffer by seed 1, the second by seed 2.
     *
     * @param given what other numbers some buffers hold
     */
    static CpuComputation of(Operation operation, Buffer output, Given... given) {
        var schedule = Schedule.named("benchmark").run(new Program("benchmark", operation)).build();
        var execution = Devices.named("cpu").open(List.of(schedule));
        var seen = new HashSet<Buffer>();
        for (var tensor : operation.reads()) {
            var buffer = tensor.buffer();
            if (seen.add(buffer) && buffer.type() == ElementType.F32) {
                execution.write(buffer, RandomInputs.normal(buffer.shape(), seen.size()));
            }
        }
        Arrays.stream(given).forEach(g -> g.writeTo(execution));
        return new CpuComputation(execution, schedule, output);
    }

    /** What a buffer holds before the first run. */
    sealed interface Given {

        void writeTo(Execution execution);

        record Floats(Buffer buffer, float... values) implements Given {
            @Override
            public void writeTo(Execution execution) {
                execution.write(buffer, values);
            }
        }

        record Ints(Buffer buffer, int... values) implements Given {
            @Override
            public void writeTo(Execution execution) {
                execution.write(buffer, values);
            }
        }
    }

    @Override
    public void run() {
        execution.run(schedule);
    }

    @Override
    public float[] result() {
        return execution.floats(output);
    }

    @Override
    public void close() {
        execution.close();
    }
}
