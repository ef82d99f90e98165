package trm4j.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.model.Solver;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * Solves puzzles before the reader's eyes: the answer after each supervision step.
 *
 * @param solver of batch size 1
 * @param steps supervision steps to take
 * @param colours whether to show what changed in colour too
 */
record PuzzleShow(PuzzleFamily family, Solver solver, int steps, boolean colours, PrintWriter out) {

    private static final String CHANGED = "\u001b[1;32m";
    private static final String PLAIN = "\u001b[0m";

    /** Takes the steps with a puzzle and prints each answer, changed cells in brackets where there is room for them. */
    void run(Example puzzle) {
        var question = puzzle.inputs();
        solver.start(new Batch(question, puzzle.labels(), new int[] {puzzle.puzzleIdentifier()}));
        out.println("puzzle");
        var before = family.picture(question, question, question);
        before.forEach(out::println);
        var shown = question;
        int haltedAt = 0;
        for (int step = 1; step <= steps; step++) {
            var answers = solver.step();
            var answer = answers.predictions();
            boolean halts = haltedAt == 0 && answers.halts(0);
            haltedAt = halts ? step : haltedAt;
            var picture = family.picture(question, answer, shown);
            var same = family.picture(question, answer, answer);
            boolean changes = !same.equals(before);
            out.printf(Locale.ROOT, "step %d: %shalt logit %+.1f%s%n", step, changes ? "" : "no change, ",
                    answers.q()[0], halts ? ", would halt here" : "");
            if (changes) {
                var lines = !colours ? picture : picture.equals(same) ? against(before, picture) : inBrackets(picture);
                lines.forEach(out::println);
            }
            before = same;
            shown = answer;
        }
        out.println(verdict(family, puzzle, shown));
        out.println(haltedAt > 0 ? "The model would have halted after step " + haltedAt + "."
                : "The model would not have halted within " + steps + (steps == 1 ? " step." : " steps."));
        out.flush();
    }

    private static List<String> inBrackets(List<String> picture) {
        return picture.stream().map(line -> line.replaceAll("\\[[^\\]]*\\]", CHANGED + "$0" + PLAIN)).toList();
    }

    /** Marks the characters that differ from those of a picture of the same extent. */
    private static List<String> against(List<String> before, List<String> picture) {
        if (before.size() != picture.size()) {
            return picture;
        }
        var marked = new ArrayList<String>();
        for (int i = 0; i < picture.size(); i++) {
            var line = new StringBuilder();
            for (int at = 0; at < picture.get(i).length(); at++) {
                char now = picture.get(i).charAt(at);
                boolean differs = at >= before.get(i).length() || before.get(i).charAt(at) != now;
                line.append(differs ? CHANGED + now + PLAIN : now);
            }
            marked.add(line.toString());
        }
        return marked;
    }

    /** What the rules say of the last answer, or else the label. */
    static String verdict(PuzzleFamily family, Example puzzle, int[] answer) {
        var rules = new TreeMap<>(family.rules(puzzle.inputs(), answer));
        if (!rules.isEmpty()) {
            boolean all = !rules.containsValue(false);
            return (all ? "Solved" : "Not solved") + " (by the rules: " + rules.entrySet().stream()
                    .map(rule -> (rule.getValue() ? "" : "not ") + rule.getKey())
                    .collect(Collectors.joining(", ")) + ").";
        }
        var labels = puzzle.labels();
        int labelled = (int) Arrays.stream(labels).filter(label -> label != Batch.NO_LABEL).count();
        if (labelled == 0) {
            return "Whether it is solved, there is nothing to tell by.";
        }
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += answer[i] == labels[i] ? 1 : 0;
        }
        return (right == labelled ? "Solved: all" : "Not solved: " + right + " of") + " " + labelled
                + " cells are as they should be.";
    }
}
