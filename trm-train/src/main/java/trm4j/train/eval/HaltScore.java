package trm4j.train.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * How well a model knows whether it is right: where it halts, and whether its halt logits mean what they say. All of it
 * is of puzzles with a known answer.
 *
 * @param halts by the step at which the model would halt; those that never do first
 * @param everyStep halt logits after each step that was taken, ascending
 * @param lastStep halt logits after the last step, ascending
 */
public record HaltScore(List<At> halts, List<Bin> everyStep, List<Bin> lastStep) {

    /**
     * Puzzles that halt at a step.
     *
     * @param step the step, from 1; 0 for those that never halt
     * @param right those whose answer is exact then, or after the last step if they never halt
     * @param wrong the others
     */
    public record At(int step, int right, int wrong) {}

    /**
     * Answers of about the same halt logit.
     *
     * @param logit the logits are from this number to below the next, those of the outermost bins beyond it too
     * @param answers how many
     * @param probability what the logits say, from 0 to 1: the mean of their logistic function
     * @param exact the share of answers that are exact
     */
    public record Bin(int logit, int answers, double probability, double exact) {}

    public HaltScore {
        halts = List.copyOf(halts);
        everyStep = List.copyOf(everyStep);
        lastStep = List.copyOf(lastStep);
    }

    /**
     * Returns the expected calibration error, from 0 to 1: how far probability and share of exact answers are apart,
     * averaged over the answers of all bins (Guo et al. 2017, arXiv 1706.04599, here with bins of logits).
     */
    public static double error(List<Bin> bins) {
        double answers = bins.stream().mapToInt(Bin::answers).sum();
        return bins.stream().mapToDouble(bin -> bin.answers * Math.abs(bin.probability - bin.exact)).sum() / answers;
    }

    void addTo(ObjectNode node) {
        var at = node.putArray("halts");
        halts.forEach(each -> at.addObject()
                .put("step", each.step).put("right", each.right).put("wrong", each.wrong));
        var calibration = node.putObject("calibration");
        calibration.set("every_step", json(everyStep));
        calibration.set("last_step", json(lastStep));
        calibration.put("error_every_step", error(everyStep)).put("error_last_step", error(lastStep));
    }

    private static ArrayNode json(List<Bin> bins) {
        var list = JsonNodeFactory.instance.arrayNode();
        bins.forEach(bin -> list.addObject()
                .put("logit", bin.logit).put("answers", bin.answers).put("probability", bin.probability)
                .put("exact", bin.exact));
        return list;
    }
}
