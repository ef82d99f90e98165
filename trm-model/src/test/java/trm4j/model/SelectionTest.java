package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Rollout A = new Rollout(4, 0, -1, 0.5, 7, false, 0);
    private static final Rollout B = new Rollout(4, 4, 3, 0.4, 7, false, 1);
    private static final Rollout C = new Rollout(2, 2, 2, Double.POSITIVE_INFINITY, 9, true, 2);
    private static final Rollout D = new Rollout(3, 2, 2.5f, 0.1, 9, true, 2);
    private static final List<Rollout> ALL = List.of(A, B, C, D);

    @Test
    void chooses() {
        assertEquals(1, Selection.Q.choose(ALL));
        assertEquals(3, Selection.MODE.choose(ALL), "two gave it, the second more surely");
        assertEquals(3, Selection.CONVERGED.choose(ALL));
        assertEquals(2, Selection.RULES.choose(ALL), "the first accepted, not the surest");
        assertEquals(3, Selection.FIRST.choose(ALL), "as soon as another, but surer");
    }

    @Test
    void goesByTheHaltLogitWhereThereIsNothingElse() {
        for (var selection : Selection.values()) {
            assertEquals(0, selection.choose(List.of(A)));
        }
        assertEquals(1, Selection.MODE.choose(List.of(A, B)));
        assertEquals(1, Selection.RULES.choose(List.of(A, B)));
        assertEquals(1, Selection.FIRST.choose(List.of(A, B)));
        assertEquals(0, Selection.FIRST.choose(List.of(A, A)), "of equal ones the first");
    }
}
