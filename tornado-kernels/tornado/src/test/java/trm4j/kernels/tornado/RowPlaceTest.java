package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowPlaceTest {

    private static Launch of(int columns) {
        return new Launch("kernel", Threads.of(1), List.of(), Collections.nCopies(columns, 1), _ -> {});
    }

    private static List<Integer> compiledIn(List<Launch> launches) {
        return RowPlace.of(launches).stream().map(RowPlace::at).toList();
    }

    @Test
    void columnsFollowOneAnother() {
        var launches = List.of(of(3), of(17), of(1));
        assertEquals(List.of(0, 16, 48), compiledIn(launches));
        assertEquals(64, CallTable.width(launches));
    }

    /** So that one kernel has the same place in more programs, and the one that goes on has few paces. */
    @Test
    void columnsAreCountedFromWhereTheDeviceHasGone() {
        var launches = List.of(of(3), of(17), Launch.NEXT, of(3), Launch.NEXT, of(70), Launch.NEXT);
        assertEquals(List.of(0, 16, 64, 0, 64, 0, 128), compiledIn(launches));
        assertEquals(128, RowPlace.of(launches).get(5).first());
        assertEquals(256, CallTable.width(launches));
    }
}
