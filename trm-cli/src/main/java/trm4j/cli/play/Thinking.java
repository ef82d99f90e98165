package trm4j.cli.play;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import trm4j.cli.report.Drawing;
import trm4j.kernels.op.CrossEntropy;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.model.Solver;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * What a model thought of a puzzle, step by step.
 *
 * @param steps those that were taken, at least one
 */
record Thinking(PuzzleFamily family, Example puzzle, List<Step> steps) {

    /**
     * A supervision step.
     *
     * @param answer tokens [L]
     * @param certainty the probability [L] of each cell's token, by the model
     * @param haltProbability that the answer is right, by the model
     * @param halts whether the model would halt after it
     */
    private record Step(int[] answer, double[] certainty, double haltProbability, boolean halts) {}

    /**
     * Has a puzzle solved.
     *
     * @param solver of batch size 1
     * @param loss tells how its logits become probabilities
     * @param most supervision steps at most
     * @param halting whether it ends as soon as the model would halt
     */
    static Thinking of(
            PuzzleFamily family, Example puzzle, Solver solver, CrossEntropy.Kind loss, int most, boolean halting) {
        var steps = new ArrayList<Step>();
        solver.start(new Batch(puzzle.inputs(), puzzle.labels(), new int[] {puzzle.puzzleIdentifier()}));
        boolean halted = false;
        while (steps.size() < most && !(halting && halted)) {
            var answers = solver.step();
            halted = answers.halts(0);
            steps.add(new Step(
                    answers.predictions(), certainty(solver.logits(), answers.predictions(), loss),
                    1 / (1 + Math.exp(-answers.q()[0])), halted));
        }
        return new Thinking(family, puzzle, steps);
    }

    private static double[] certainty(float[] logits, int[] answer, CrossEntropy.Kind loss) {
        var certainty = new double[answer.length];
        int vocabulary = logits.length / answer.length;
        for (int i = 0; i < answer.length; i++) {
            int from = i * vocabulary;
            double highest = logits[from + answer[i]];
            double sum = 0;
            for (int token = 0; token < vocabulary; token++) {
                sum += weight(logits[from + token], highest, loss);
            }
            certainty[i] = weight(highest, highest, loss) / sum;
        }
        return certainty;
    }

    /** What a logit's probability is in proportion to. */
    private static double weight(double logit, double highest, CrossEntropy.Kind loss) {
        return switch (loss) {
            case SOFTMAX -> Math.exp(logit - highest);
            case STABLEMAX -> logit < 0 ? 1 / (1 - logit) : logit + 1;
        };
    }

    private Step last() {
        return steps.getLast();
    }

    /** What it came to, for programs. */
    ObjectNode json(String identifier) {
        var node = JsonNodeFactory.instance.objectNode();
        node.set("question", family.json(puzzle.inputs(), puzzle.inputs(), identifier));
        node.set("answer", family.json(puzzle.inputs(), last().answer, identifier));
        node.put("steps", steps.size());
        int halts = 0;
        while (halts < steps.size() && !steps.get(halts).halts) {
            halts++;
        }
        node.put("halts_at", halts < steps.size() ? halts + 1 : 0);
        node.put("halt_probability", last().haltProbability);
        put(node, rules(last()));
        return node;
    }

    /** All of it, for a page: cells as tokens, certainty in percent. */
    ObjectNode trace(ObjectNode node) {
        node.set("cells", Drawing.cells(puzzle.inputs()));
        node.set("label", Drawing.cells(puzzle.labels()));
        var list = node.putArray("trace");
        for (var step : steps) {
            var each = list.addObject().put("halt_probability", step.haltProbability).put("halts", step.halts);
            each.set("answer", Drawing.cells(step.answer));
            var certainty = each.putArray("certainty");
            Arrays.stream(step.certainty).mapToInt(share -> (int) Math.round(100 * share)).forEach(certainty::add);
            put(each, rules(step));
        }
        return node;
    }

    private Map<String, Boolean> rules(Step step) {
        return family.rules(puzzle.inputs(), step.answer);
    }

    private static void put(ObjectNode node, Map<String, Boolean> rules) {
        var object = node.putObject("rules");
        rules.forEach(object::put);
    }
}
