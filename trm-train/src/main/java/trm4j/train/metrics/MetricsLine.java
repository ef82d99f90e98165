package trm4j.train.metrics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import trm4j.train.eval.Evaluation;

/**
 * Makes the lines of {@code metrics.jsonl}. Losses are means over the batch; the other training metrics are means over
 * the sequences that halted in the step, and left out where none did.
 */
public final class MetricsLine {

    private MetricsLine() {}

    public static ObjectNode of(StepProgress progress) {
        var m = progress.metrics();
        var line = JsonNodeFactory.instance.objectNode();
        line.put("step", progress.step())
                .put("lr", progress.lr())
                .put("loss", progress.loss())
                .put("lm_loss", m.lmLoss() / progress.batchSize())
                .put("q_halt_loss", m.haltLoss() / progress.batchSize())
                .put("q_continue_loss", m.continueLoss() / progress.batchSize())
                .put("count", m.count());
        progress.mean(m.accuracy()).ifPresent(v -> line.put("accuracy", v));
        progress.mean(m.exact()).ifPresent(v -> line.put("exact_accuracy", v));
        progress.mean(m.haltRight()).ifPresent(v -> line.put("q_halt_accuracy", v));
        progress.mean(m.steps()).ifPresent(v -> line.put("steps", v));
        line.put("gradient_norm", m.gradientNorm()).put("weight_norm", m.weightNorm());
        return line.put("seconds", progress.seconds()).put("samples_per_s", progress.samplesPerSecond());
    }

    public static ObjectNode of(long step, Evaluation evaluation) {
        var line = JsonNodeFactory.instance.objectNode();
        line.put("step", step);
        line.set("test", evaluation.json());
        return line;
    }
}
