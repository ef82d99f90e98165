package trm4j.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A puzzle that is worth looking at, and why.
 *
 * @param why a sentence without its full stop
 */
record Choice(Course course, String why) {

    /** What to look for: of those that are so, the first in some order. */
    private record Interest(Predicate<Course> is, Comparator<Course> first, Function<Course, String> why) {}

    private static final Comparator<Course> AS_THEY_STAND = Comparator.comparingInt(Course::example);

    private static final Interest SOLVED_AT_ONCE = new Interest(
            course -> course.solvedAt() == 1, AS_THEY_STAND, _ -> "Solved at once: right from the first step on");

    private static final List<Interest> INTERESTS = List.of(
            SOLVED_AT_ONCE,
            new Interest(
                    course -> course.solvedAt() > 1, most(Course::solvedAt).thenComparing(most(Course::changes)),
                    course -> "The hardest of those solved: right from step " + course.solvedAt() + " on"),
            new Interest(
                    Course::haltsWrongly, most(Course::wrong),
                    course -> "Too sure of itself: halts at step " + course.haltsAt() + " with a wrong answer"),
            new Interest(
                    course -> course.isLabelled() && !course.isSolved(), most(Course::wrong),
                    course -> "Failed by most: " + cells(course.wrong()) + " wrong at last"),
            new Interest(
                    course -> course.isLabelled() && !course.isSolved(), most(Course::wrong).reversed(),
                    course -> "Failed by least: " + cells(course.wrong()) + " wrong at last"),
            new Interest(
                    course -> !course.isSolved() && course.lastExact() > 0, most(Course::lastExact),
                    course -> "Lost again: right after step " + course.lastExact() + ", wrong at last"),
            new Interest(
                    course -> course.isSolved() && course.haltsAt() == 0, AS_THEY_STAND,
                    _ -> "Right, but never sure of it: it would not halt"),
            new Interest(
                    course -> course.changes() > 0, most(Course::changes),
                    course -> "The most changes of mind: " + cells(course.changes()) + " changed after step 1"));

    private static final List<Interest> LATER = INTERESTS.subList(1, INTERESTS.size());

    private static Comparator<Course> most(Function<Course, Integer> figure) {
        return Comparator.comparing(figure).reversed();
    }

    private static String cells(int count) {
        return count + (count == 1 ? " cell" : " cells");
    }

    /**
     * Chooses puzzles: one for each thing that is worth looking at, round after round, then of what is left. One that
     * was solved at once is enough.
     *
     * @param count how many at most
     */
    static List<Choice> of(List<Course> courses, int count) {
        var chosen = new ArrayList<Choice>();
        var taken = new HashSet<Integer>();
        int before = -1;
        while (chosen.size() < count && chosen.size() > before) {
            before = chosen.size();
            for (var interest : before == 0 ? INTERESTS : LATER) {
                courses.stream()
                        .filter(course -> !taken.contains(course.example()))
                        .filter(interest.is())
                        .min(interest.first().thenComparing(AS_THEY_STAND))
                        .filter(_ -> chosen.size() < count)
                        .ifPresent(course -> {
                            taken.add(course.example());
                            chosen.add(new Choice(course, interest.why().apply(course)));
                        });
            }
        }
        courses.stream()
                .filter(course -> !taken.contains(course.example()))
                .limit(count - chosen.size())
                .forEach(course -> chosen.add(new Choice(course, "One of the others")));
        return chosen;
    }
}
