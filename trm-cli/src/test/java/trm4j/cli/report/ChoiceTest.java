package trm4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTest {

    /** Of ten cells. */
    private static Course course(int example, int haltsAt, int changes, int... right) {
        return new Course(example, 10, right, haltsAt, changes);
    }

    @Test
    void oneOfEachThatIsWorthLookingAt() {
        var courses = List.of(
                course(0, 1, 0, 10, 10, 10), course(1, 1, 0, 10, 10, 10), course(2, 2, 5, 7, 10, 10),
                course(3, 3, 4, 7, 8, 10), course(4, 1, 3, 5, 8, 8), course(5, 0, 9, 3, 2, 1),
                course(6, 0, 2, 9, 9, 9), course(7, 0, 1, 9, 10, 9), course(8, 0, 0, 10, 10, 10));
        var chosen = Choice.of(courses, 8);
        assertEquals(List.of(0, 3, 4, 5, 6, 7, 8, 2), chosen.stream().map(each -> each.course().example()).toList());
        assertEquals(List.of(
                "Solved at once: right from the first step on",
                "The hardest of those solved: right from step 3 on",
                "Too sure of itself: halts at step 1 with a wrong answer",
                "Failed by most: 9 cells wrong at last",
                "Failed by least: 1 cell wrong at last",
                "Lost again: right after step 2, wrong at last",
                "Right, but never sure of it: it would not halt",
                "The most changes of mind: 5 cells changed after step 1"),
                chosen.stream().map(Choice::why).toList());
        assertEquals("One of the others", Choice.of(courses, 100).getLast().why());
        assertEquals(9, Choice.of(courses, 100).size());
        assertEquals(List.of(0, 3), Choice.of(courses, 2).stream().map(each -> each.course().example()).toList());
    }

    @Test
    void withoutAnswersThereAreChangesOnly() {
        var courses = IntStream.range(0, 5).mapToObj(i -> new Course(i, 0, new int[2], i % 2, i == 3 ? 7 : 0)).toList();
        assertEquals(List.of(3, 0, 1), Choice.of(courses, 3).stream().map(each -> each.course().example()).toList());
    }
}
