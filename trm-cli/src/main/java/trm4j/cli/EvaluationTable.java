package trm4j.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import trm4j.train.Plural;
import trm4j.train.eval.Evaluation;

/** An evaluation as people read it. */
public final class EvaluationTable {

    /** So many steps have a line each; of those that follow, every so many-th. */
    private static final int SHOWN_STEPS = 16;
    private static final int SHOWN_EVERY = 8;

    private EvaluationTable() {}

    public static void print(Evaluation evaluation, PrintWriter out) {
        boolean ofSeveral = !Double.isNaN(evaluation.several());
        if (ofSeveral) {
            out.println(lead(evaluation));
        }
        out.println(evaluation.line());
        if (evaluation.labelled() > 0) {
            out.println("step   exact   cells");
            int steps = evaluation.steps().size();
            for (int step = 1; step <= steps; step++) {
                if (step <= SHOWN_STEPS || step % SHOWN_EVERY == 0 || step == steps) {
                    var after = evaluation.steps().get(step - 1);
                    out.printf(Locale.ROOT, "%4d  %s  %s%n", step, percent(after.exact()), percent(after.cells()));
                }
            }
            out.println("The halt logit tells exact from wrong for " + percent(evaluation.haltRight()).strip()
                    + " of the puzzles.");
        }
        evaluation.rollouts().ifPresent(score -> {
            out.println("rollouts   exact" + (ofSeveral ? "   right" : "") + "  pass@k  steps of all");
            for (var first : score.counts()) {
                out.printf(
                        Locale.ROOT, "%8d  %s%s  %s  %12.1f%n", first.rollouts(), percent(first.exact()),
                        ofSeveral ? "  " + percent(first.right()) : "", percent(first.pass()), first.steps());
            }
        });
        if (!evaluation.rules().isEmpty() && !ofSeveral) {
            out.println(byTheRules(evaluation));
        }
        if (!evaluation.levels().isEmpty()) {
            out.println("rating           puzzles   exact  steps");
            for (var level : evaluation.levels()) {
                out.printf(
                        Locale.ROOT, "%-15s  %7d  %s  %5.1f%n", level.lowest() == level.highest()
                                ? String.valueOf(level.lowest()) : level.lowest() + "-" + level.highest(),
                        level.puzzles(), percent(level.exact()), level.meanSteps());
            }
        }
        evaluation.arc().filter(score -> score.tasks() > 0).ifPresent(score -> {
            out.printf("Copies vote for the outputs of %s:%n", Plural.count(score.tasks(), "task"));
            score.passAt().forEach((tries, share) -> out.printf("pass@%-4d  %s%n", tries, percent(share)));
        });
        out.flush();
    }

    /** What is true of puzzles that may have several right answers. */
    private static String lead(Evaluation evaluation) {
        return (evaluation.labelled() == 0 ? "" : "Exact, as labelled: " + percent(evaluation.exact()).strip() + ". ")
                + byTheRules(evaluation)
                + (evaluation.several() == 0
                        ? " Each puzzle has one right answer."
                        : " Puzzles with several right answers, of which the label is one: "
                                + percent(evaluation.several()).strip() + ".");
    }

    private static String byTheRules(Evaluation evaluation) {
        return evaluation.rules().entrySet().stream()
                .map(rule -> percent(rule.getValue()).strip() + " " + rule.getKey())
                .collect(Collectors.joining(", ", "By the rules: ", "."));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%5.1f%%", 100 * share);
    }
}
