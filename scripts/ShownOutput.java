import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells whether commands printed what a guide shows: {@code ShownOutput text|json SHOWN PRINTED}.
 *
 * <p>What is shown may be shortened: each line of it is looked for in what was printed, in order. Of JSON, the keys with
 * their values are. Spaces count as one. Words and whole numbers are the same, with these exceptions:
 *
 * <ul>
 *   <li>times, rates, memory, threads, vector widths and ports vary from machine to machine: they may be any, and so
 *       may halt logits;
 *   <li>percentages may be 15 points away, and other numbers with a point a fifth or 0.15: a model that is trained on
 *       another processor is not the same to the bit;
 *   <li>a line of progress, {@code train N/M}, comes when it comes: all its numbers but M may be any, and it may stand
 *       anywhere.
 * </ul>
 */
public final class ShownOutput {

    private static final String NUMBER = "[0-9][0-9,]*(?:\\.[0-9]+)?";
    private static final Pattern VARYING = Pattern.compile(
            "\\d+:\\d\\d:\\d\\d|localhost:\\d+|halt logit [+-][0-9.]+|\"(?:seconds|[a-z_]+_per_s)\":[0-9.eE+-]+|" + NUMBER + "(?: of " + NUMBER
                    + ")?(?: (?:MiB|GiB|s|ms|threads?|[a-z]+/s)\\b|-bit\\b)");
    private static final Pattern PROGRESS = Pattern.compile("train [0-9,]+/([0-9,]+) .*");
    private static final Pattern VALUE = Pattern.compile("[+-]?[0-9][0-9,]*(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(%?)");
    private static final double POINTS = 15;
    private static final double SHARE = 0.2;
    private static final double LEAST = 0.15;

    private ShownOutput() {}

    public static void main(String[] args) throws Exception {
        var missing = missing(lines(args[0], args[1]), lines(args[0], args[2]));
        if (missing.isPresent()) {
            System.out.println("not printed, or not in this order: " + missing.get());
            System.exit(1);
        }
    }

    private static List<String> lines(String kind, String file) throws Exception {
        var text = Files.readString(Path.of(file)).replace('\r', '\n');
        var lines = new ArrayList<String>();
        for (var line : kind.equals("json") ? text.split(",(?=\\s*\")|[{}]") : text.split("\n")) {
            var normal = line.strip().replaceAll("\\s+", " ");
            if (!normal.isEmpty()) {
                lines.add(normal);
            }
        }
        return lines;
    }

    /** The first line that is shown and was not printed after those before it. */
    private static Optional<String> missing(List<String> shown, List<String> printed) {
        int next = 0;
        for (var line : shown) {
            int found = PROGRESS.matcher(line).matches() ? 0 : next;
            while (found < printed.size() && !alike(line, printed.get(found))) {
                found++;
            }
            if (found == printed.size()) {
                return Optional.of(line);
            }
            next = PROGRESS.matcher(line).matches() ? next : found + 1;
        }
        return Optional.empty();
    }

    private static boolean alike(String shown, String printed) {
        var progress = PROGRESS.matcher(shown);
        if (progress.matches()) {
            var other = PROGRESS.matcher(printed);
            return other.matches() && other.group(1).equals(progress.group(1))
                    && VALUE.matcher(shown).replaceAll("#").equals(VALUE.matcher(printed).replaceAll("#"));
        }
        return values(VARYING.matcher(shown).replaceAll("#"), VARYING.matcher(printed).replaceAll("#"));
    }

    private static boolean values(String shown, String printed) {
        if (!VALUE.matcher(shown).replaceAll("#$1").equals(VALUE.matcher(printed).replaceAll("#$1"))) {
            return false;
        }
        var ours = VALUE.matcher(shown);
        var theirs = VALUE.matcher(printed);
        while (ours.find() && theirs.find()) {
            boolean whole = !ours.group().contains(".") && !theirs.group().contains(".");
            double expected = number(ours.group());
            double found = number(theirs.group());
            boolean percent = !ours.group(1).isEmpty();
            double most = percent ? POINTS : whole ? 0 : Math.max(LEAST, SHARE * Math.abs(expected));
            if (!(Math.abs(found - expected) <= most)) {
                return false;
            }
        }
        return true;
    }

    private static double number(String text) {
        return Double.parseDouble(text.replaceAll("[,%]", ""));
    }
}
