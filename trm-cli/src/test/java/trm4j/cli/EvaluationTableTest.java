package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import trm4j.train.eval.Evaluation;
import trm4j.train.eval.RolloutScore;

class EvaluationTableTest {

    private static List<String> printed(Evaluation evaluation) {
        var text = new StringWriter();
        EvaluationTable.print(evaluation, new PrintWriter(text));
        return text.toString().lines().toList();
    }

    /** Shares of labelled puzzles, of which there are none, and votes for tasks without outputs. */
    @Test
    void ofUnlabelledPuzzlesOnlyWhatIsKnownIsPrinted() {
        var unknown = Double.NaN;
        var evaluation = new Evaluation(
                2, 0, List.of(new Evaluation.Step(unknown, unknown), new Evaluation.Step(unknown, unknown)), false, 1.5,
                unknown, unknown, unknown, Map.of("valid", 0.5), unknown, List.of(),
                Optional.of(new Evaluation.ArcScore(0, new TreeMap<>(Map.of(1, unknown)))), Optional.empty(),
                Optional.empty(), Optional.empty(), unknown);
        assertEquals(List.of(
                "2 puzzles without labels to compare with, would halt after 1.5 of 2 steps",
                "By the rules: 50.0% valid."), printed(evaluation));
    }

    @Test
    void whatIsTrueOfPuzzlesWithSeveralRightAnswersComesFirst() {
        var evaluation = new Evaluation(
                4, 4, List.of(new Evaluation.Step(0.25, 0.75)), true, 1, 0.25, 1, 0.1,
                new TreeMap<>(Map.of("path", 1.0, "shortest", 0.75)), 0.5, List.of(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Double.NaN);
        assertEquals("Exact, as labelled: 25.0%. By the rules: 100.0% path, 75.0% shortest. Puzzles with several right "
                + "answers, of which the label is one: 50.0%.", printed(evaluation).getFirst());
        assertEquals(0.5, evaluation.json().get("several_answers").asDouble());
        assertEquals(1, printed(evaluation).stream().filter(line -> line.contains("By the rules")).count());
    }

    @Test
    void labelledPuzzlesAreToldByStepAndRating() {
        var evaluation = new Evaluation(
                2, 2, List.of(new Evaluation.Step(0, 0.25), new Evaluation.Step(0.5, 0.75)), true, 1.5, 0.5, 1, 0.1,
                Map.of(), Double.NaN,
                List.of(new Evaluation.Level(0, 0, 1, List.of(0.0, 1.0), 1),
                        new Evaluation.Level(2, 7, 1, List.of(0.0, 0.0), 2)),
                Optional.of(new Evaluation.ArcScore(1, new TreeMap<>(Map.of(2, 0.5)))),
                Optional.of(new RolloutScore(List.of(
                        new RolloutScore.First(1, 0.25, 0.25, 0.25, 8),
                        new RolloutScore.First(3, 0.5, 0.5, 0.75, 24)))),
                Optional.empty(), Optional.empty(), Double.NaN);
        assertEquals(List.of(
                "2 puzzles: 50.0% exact, 75.0% of cells right, halted after 1.5 of 2 steps",
                "step   exact   cells",
                "   1    0.0%   25.0%",
                "   2   50.0%   75.0%",
                "The halt logit tells exact from wrong for 100.0% of the puzzles.",
                "rollouts   exact  pass@k  steps of all",
                "       1   25.0%   25.0%           8.0",
                "       3   50.0%   75.0%          24.0",
                "rating           puzzles   exact  steps",
                "0                      1  100.0%    1.0",
                "2-7                    1    0.0%    2.0",
                "Copies vote for the outputs of 1 task:",
                "pass@2      50.0%"), printed(evaluation));
        assertEquals("3 puzzles, 2 of them with labels: 50.0% exact, 75.0% of cells right, halted after 1.5 of 2 steps",
                new Evaluation(
                        3, 2, evaluation.steps(), true, 1.5, 0.5, 1, 0.1, Map.of(), Double.NaN, List.of(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Double.NaN).line());
    }
}
