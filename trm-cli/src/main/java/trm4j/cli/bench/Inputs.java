package trm4j.cli.bench;

import java.util.HashSet;
import java.util.SplittableRandom;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Execution;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.Values;

/** Random operands that mean something to an operation; the same for the same seed. */
record Inputs(long seed) {

    /** Writes all operands, those that are only written included. */
    void write(Operation operation, Execution execution) {
        var random = new SplittableRandom(seed);
        var seen = new HashSet<Buffer>();
        operation.tensors().filter(tensor -> seen.add(tensor.buffer())).forEach(tensor ->
                write(tensor.buffer(), operation.values(tensor), execution, random));
    }

    private static void write(Buffer buffer, Values values, Execution execution, SplittableRandom random) {
        switch (buffer.type()) {
            case I32 -> {
                int low = (int) values.low();
                int high = (int) values.high();
                execution.write(buffer, random.ints(buffer.size(), low, high).toArray());
            }
            case F32, BF16 -> {
                var numbers = new float[buffer.size()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (float) (values.low() + (values.high() - values.low()) * random.nextFloat());
                }
                execution.write(buffer, numbers);
            }
            default -> throw new IllegalArgumentException(buffer + " is of type " + buffer.type());
        }
    }
}
