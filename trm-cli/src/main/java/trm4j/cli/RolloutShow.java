package trm4j.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.IntStream;
import trm4j.model.Example;
import trm4j.model.Rollout;
import trm4j.model.RolloutSolver;
import trm4j.model.Solver;
import trm4j.train.Plural;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.PuzzleFamily;

/** Tries puzzles several times, and shows what each try came to, and the answer that is taken. */
final class RolloutShow {

    private final PuzzleFamily family;
    private final Tries tries;
    private final RolloutSolver solver;
    private final PrintWriter out;

    /**
     * Prepares to solve.
     *
     * @param solver with a slot for each try, and noise if there is any
     * @param steps supervision steps of a try at most
     */
    RolloutShow(PuzzleFamily family, Tries tries, Solver solver, int steps, int seqLen, int vocabSize, PrintWriter out) {
        this.family = family;
        this.tries = tries;
        this.out = out;
        this.solver = new RolloutSolver(
                solver, steps, false, tries.rollouts(), tries.disguises(family, seqLen, vocabSize),
                tries.judge(family));
    }

    /**
     * Solves a puzzle and prints what became of it.
     *
     * @param number its own, by which its noise is drawn
     */
    void run(int number, Example puzzle) {
        var question = puzzle.inputs();
        tries.requireRules(family, question);
        out.println("puzzle");
        family.picture(question, question, question).forEach(out::println);
        solver.solve(IntStream.of(number).iterator(), _ -> puzzle, (_, _, outcome) -> {
            for (int i = 0; i < outcome.rollouts().size(); i++) {
                out.println(line(i, outcome.rollouts().get(i)));
            }
            var answer = outcome.solution().tokens();
            out.println("the answer of rollout " + (outcome.chosen() + 1));
            family.picture(question, answer, question).forEach(out::println);
            out.println(PuzzleShow.verdict(family, puzzle, answer));
        }, () -> false);
        out.flush();
    }

    private static String line(int number, Rollout rollout) {
        return String.format(
                Locale.ROOT, "rollout %d: %s, halt logit %+.1f%s", number + 1,
                Plural.count(rollout.steps(), "step"), rollout.haltLogit(),
                rollout.sameAs() < number ? ", the same answer as rollout " + (rollout.sameAs() + 1) : "");
    }
}
