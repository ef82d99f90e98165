package trm4j.cli.play;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import trm4j.cli.report.Certainty;
import trm4j.cli.report.Drawing;
import trm4j.cli.report.StepLog.Step;
import trm4j.cli.report.StepLog;
import trm4j.kernels.op.CrossEntropy;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.model.RolloutSolver;
import trm4j.model.RolloutSolver.Outcome;
import trm4j.model.Solver;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.ModelPuzzles.Question;

/**
 * What a model thought of a puzzle, step by step, in each of its tries.
 *
 * @param tries those that count, at least one, each with at least one step
 * @param outcome which of them gives the answer
 */
public record Thinking(PuzzleFamily family, Example puzzle, List<List<Step>> tries, Outcome outcome) {

    /**
     * Has a puzzle solved.
     *
     * @param number of the puzzle, by which its noise is drawn
     * @param solver with a slot for each try, and noise if there is any
     * @param loss tells how its logits become probabilities
     * @param most supervision steps of a try at most
     * @param halting whether a try ends as soon as the model would halt
     * @throws trm4j.train.EvaluationException if such puzzles cannot be tried so
     */
    public static Thinking of(
            PuzzleFamily family, int number, Example puzzle, Solver solver, CrossEntropy.Kind loss, Tries tries,
            int vocabSize, int most, boolean halting) {
        tries.requireRules(family, puzzle.inputs());
        var disguises = tries.disguises(family, puzzle.inputs().length, vocabSize);
        var steps = new StepLog(disguises, loss);
        var rollouts = new RolloutSolver(solver, most, halting, tries.rollouts(), disguises, tries.judge(family));
        rollouts.observe(steps);
        var outcomes = new ArrayList<Outcome>();
        rollouts.solve(
                IntStream.of(number).iterator(), _ -> puzzle, (_, _, outcome) -> outcomes.add(outcome), () -> false);
        var outcome = outcomes.getFirst();
        return new Thinking(
                family, puzzle,
                IntStream.range(0, outcome.rollouts().size()).mapToObj(i -> steps.take(number, i)).toList(), outcome);
    }

    /**
     * Writes what it came to, for programs; where there are several tries, each of them too.
     *
     * @param asked what was to be solved
     * @param puzzles of the model, which know the name of the puzzle's task
     * @param trace whether to tell all steps, for a page: cells as tokens, certainty in percent
     */
    public ObjectNode json(Question asked, ModelPuzzles puzzles, boolean trace) {
        int row = puzzle.puzzleIdentifier();
        var known = puzzles.identifiers();
        var node = json(row > 0 && row < known.size() ? known.get(row) : null, trace);
        if (!asked.title().isEmpty()) {
            node.put("title", asked.title());
        }
        asked.remark().ifPresent(remark -> node.put("remark", remark));
        return node;
    }

    private ObjectNode json(String identifier, boolean trace) {
        var node = JsonNodeFactory.instance.objectNode();
        node.set("question", family.json(puzzle.inputs(), puzzle.inputs(), identifier));
        describe(node, outcome.chosen(), identifier);
        if (trace) {
            node.set("cells", Drawing.cells(puzzle.inputs()));
            node.set("label", Drawing.cells(puzzle.labels()));
        }
        if (tries.size() == 1) {
            return trace ? trace(node, tries.getFirst()) : node;
        }
        var list = node.put("chosen", outcome.chosen()).putArray("rollouts");
        for (int i = 0; i < tries.size(); i++) {
            var one = describe(list.addObject(), i, identifier);
            one.put("same_as", outcome.rollouts().get(i).sameAs());
            if (isLabelled()) {
                one.put("right", outcome.rollouts().get(i).accepted()
                        || IntStream.range(0, puzzle.labels().length).allMatch(isRight(tries.get(i).getLast())));
            }
            if (trace) {
                trace(one, tries.get(i));
            }
        }
        return node;
    }

    private boolean isLabelled() {
        return Arrays.stream(puzzle.labels()).anyMatch(label -> label != Batch.NO_LABEL);
    }

    private IntPredicate isRight(Step step) {
        return i -> puzzle.labels()[i] == Batch.NO_LABEL || puzzle.labels()[i] == step.answer()[i];
    }

    private ObjectNode describe(ObjectNode node, int number, String identifier) {
        var steps = tries.get(number);
        node.set("answer", family.json(puzzle.inputs(), steps.getLast().answer(), identifier));
        node.put("steps", steps.size());
        node.put("halts_at", outcome.rollouts().get(number).haltedAt());
        node.put("halt_probability", steps.getLast().haltProbability());
        put(node, rules(steps.getLast()));
        return node;
    }

    private ObjectNode trace(ObjectNode node, List<Step> steps) {
        var list = node.putArray("trace");
        for (var step : steps) {
            var each = list.addObject().put("halt_probability", step.haltProbability()).put("halts", step.halts());
            each.set("answer", Drawing.cells(step.answer()));
            each.set("certainty", Certainty.percent(step.certainty()));
            put(each, rules(step));
        }
        return node;
    }

    private Map<String, Boolean> rules(Step step) {
        return family.rules(puzzle.inputs(), step.answer());
    }

    private static void put(ObjectNode node, Map<String, Boolean> rules) {
        var object = node.putObject("rules");
        rules.forEach(object::put);
    }
}
