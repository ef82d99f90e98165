package trm4j.kernels.cpu;

import java.util.List;
import java.util.Map;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SwiGlu;

/**
 * Tells whether what an operation writes is ever read. It is not where all of it is written again first, in the same
 * schedule: then nobody can tell whether it was written at all.
 */
final class LaterReads {

    private final List<Schedule.Call> calls;

    LaterReads(Schedule schedule) {
        calls = schedule.calls();
    }

    /**
     * Tells whether a tensor may be read, by an operation or by the host, before it is overwritten.
     *
     * @param call number of the call that writes it
     * @param after the first operation of that call's program that may read it
     */
    boolean reaches(int call, int after, Tensor tensor) {
        long from = start(tensor, calls.get(call).values());
        for (int i = call, first = after; i < calls.size(); i++, first = 0) {
            var operations = calls.get(i).program().operations();
            for (var operation : operations.subList(first, operations.size())) {
                var values = calls.get(i).values();
                if (touches(operation.reads(), values, tensor, from)) {
                    return true;
                }
                if (touches(operation.writes(), values, tensor, from)) {
                    return !overwrites(operation, values, tensor, from);
                }
            }
        }
        return true;
    }

    private static boolean touches(List<Tensor> others, Map<Index, Integer> values, Tensor tensor, long from) {
        for (var other : others) {
            if (other.buffer() == tensor.buffer()) {
                long start = start(other, values);
                if (start < from + tensor.size() && from < start + other.size()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Other operations than these may leave parts of what they write as they were. */
    private static boolean overwrites(Operation operation, Map<Index, Integer> values, Tensor tensor, long from) {
        return (operation instanceof MatMul || operation instanceof SwiGlu)
                && operation.writes().stream().anyMatch(other -> {
                    long start = start(other, values);
                    return other.buffer() == tensor.buffer() && start <= from
                            && from + tensor.size() <= start + other.size();
                });
    }

    private static long start(Tensor tensor, Map<Index, Integer> values) {
        return tensor.offset() + (tensor.index() == null ? 0L : (long) values.get(tensor.index()) * tensor.stride());
    }
}
