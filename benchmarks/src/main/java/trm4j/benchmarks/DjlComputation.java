package trm4j.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.function.Supplier;

/** An expression of DJL arrays. Each run makes its result anew, as the API has it; the last one is given back first. */
final class DjlComputation implements Computation {

    static {
        // Read when the engine starts. It finds its libraries on the class path, and asks nobody else for them.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.num_threads", "" + Runtime.getRuntime().availableProcessors());
    }

    /** An expression over arrays that it makes first. */
    interface Expression {
        Supplier<NDArray> over(NDManager arrays);
    }

    private final NDManager arrays = NDManager.newBaseManager();
    private final Supplier<NDArray> expression;
    private NDArray result;

    DjlComputation(Expression expression) {
        this.expression = expression.over(arrays);
    }

    static NDArray array(NDManager arrays, float[] values, trm4j.kernels.Shape shape) {
        return arrays.create(values, new Shape(shape.dimensions().stream().mapToLong(d -> d).toArray()));
    }

    /** Which engine, and its threads. */
    static String description() {
        var engine = Engine.getInstance();
        return engine.getEngineName() + " " + engine.getVersion() + ", "
                + System.getProperty("ai.djl.pytorch.num_threads") + " threads";
    }

    @Override
    public void run() {
        if (result != null) {
            result.close();
        }
        try (var intermediates = new NDScope()) {
            intermediates.suppressNotUsedWarning();
            result = expression.get();
            NDScope.unregister(result);
        }
    }

    @Override
    public float[] result() {
        return result.toFloatArray();
    }

    @Override
    public void close() {
        arrays.close();
    }
}
