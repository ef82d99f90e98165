package trm4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import trm4j.train.data.Split;
import trm4j.train.data.check.ArcFacts;
import trm4j.train.data.check.DatasetCheck;
import trm4j.train.data.check.Found;
import trm4j.train.data.check.LeakFacts;
import trm4j.train.data.check.Span;
import trm4j.train.data.check.SplitFacts;

/** What is true of a data set, as people read it. */
final class DatasetCheckTable {

    private final DatasetCheck check;
    private final PrintWriter out;

    private DatasetCheckTable(DatasetCheck check, PrintWriter out) {
        this.check = check;
        this.out = out;
    }

    static void print(Path dir, DatasetCheck check, PrintWriter out) {
        new DatasetCheckTable(check, out).print(dir);
    }

    private void print(Path dir) {
        check.remark().ifPresent(out::println);
        out.printf(Locale.ROOT, "%s: %s, %d cells of %d tokens%n",
                dir, check.family().plural(), check.info().seqLen(), check.info().vocabSize());
        check.splits().values().forEach(this::print);
        check.leaks().ifPresent(this::print);
        check.arc().ifPresent(this::print);
        out.flush();
    }

    private void print(SplitFacts split) {
        out.printf(Locale.ROOT, "%s: %,d groups, %,d puzzles, %,d examples%n",
                split.split(), split.groups(), split.puzzles(), split.examples());
        fact("examples a puzzle", text(split.examplesOfPuzzle()));
        if (split.split() == Split.TRAIN) {
            fact("augmentation", split.puzzles() == split.groups()
                    ? "none, one puzzle a group" : text(split.puzzlesOfGroup()) + " puzzles a group");
        }
        split.ratings().ifPresent(ratings -> fact("ratings", text(ratings)));
        fact("examples without answers", number(split.unlabelled()));
        if (!split.rules().isEmpty()) {
            fact("answers by the rules", split.rules().entrySet().stream()
                    .map(rule -> rule.getKey() + " " + number(rule.getValue()))
                    .collect(Collectors.joining(", ")) + " of " + number(split.examples() - split.unlabelled()));
        }
        split.labels().forEach(line -> out.println("  " + line));
        fact("answers that are their questions", text(split.unchanged()));
        if (check.arc().isEmpty()) {
            fact("examples that an earlier one equals", text(split.repeated()));
            fact("questions of an earlier one, with another answer", text(split.contradicted()));
            fact("puzzles that are symmetric to one of an earlier group, or equal", text(split.symmetric()));
        }
    }

    private void print(LeakFacts leaks) {
        out.println("test puzzles in training:");
        fact("test puzzles that are training puzzles or symmetric to one",
                number(leaks.leaked().count()) + " of " + number(leaks.tests()) + ", " + number(leaks.verbatim())
                        + " word for word" + names(leaks.leaked()));
        fact("others with the answer of a training puzzle, up to symmetry", text(leaks.sameAnswer()));
    }

    private void print(ArcFacts arc) {
        out.printf(Locale.ROOT, "tasks: %,d, of which %,d are tested, with %,d tests%n",
                arc.trained(), arc.tested(), arc.tests());
        fact("tested tasks that are others, trained on as a whole, in any order of pairs", text(arc.leaked()));
        fact("tests that are training pairs of other tasks, turned, mirrored or recoloured", text(arc.seen()));
        fact("tests that are demonstrations of their own task, turned, mirrored or recoloured", text(arc.ownImages()));
        fact("tested tasks all of whose demonstrations another task has too", text(arc.shared()));
        fact("tasks that an earlier one equals, in any order of pairs", text(arc.repeated()));
        fact("tested tasks with an answer of a colour that no demonstration shows", text(arc.newColours()));
        fact("of these, with all such colours in that test's input", number(arc.newOfInput()));
    }

    private void fact(String what, String found) {
        out.println("  " + what + ": " + found);
    }

    private static String number(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String text(Found found) {
        return number(found.count()) + names(found);
    }

    private static String names(Found found) {
        return found.names().map(names -> " (" + names + ")").orElse("");
    }

    private static String text(Span span) {
        return span.least() == span.most()
                ? number(span.least())
                : String.format(Locale.ROOT, "%,d to %,d, %,.1f on average", span.least(), span.most(), span.mean());
    }
}
