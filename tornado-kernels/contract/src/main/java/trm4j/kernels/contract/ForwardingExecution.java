package trm4j.kernels.contract;

import trm4j.kernels.Buffer;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Schedule;

/** An execution that hands everything on to another; tests change what they are about. */
public class ForwardingExecution implements Execution {

    protected final Execution execution;

    /** Hands on to an execution, which it closes. */
    protected ForwardingExecution(Execution execution) {
        this.execution = execution;
    }

    @Override
    public void run(Schedule schedule) {
        execution.run(schedule);
    }

    @Override
    public void write(Buffer buffer, float[] values) {
        execution.write(buffer, values);
    }

    @Override
    public void write(Buffer buffer, int[] values) {
        execution.write(buffer, values);
    }

    @Override
    public float[] floats(Buffer buffer) {
        return execution.floats(buffer);
    }

    @Override
    public int[] ints(Buffer buffer) {
        return execution.ints(buffer);
    }

    @Override
    public void close() {
        execution.close();
    }
}
