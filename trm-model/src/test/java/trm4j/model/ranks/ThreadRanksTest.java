package trm4j.model.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ThreadRanksTest {

    @Test
    void doWhatRanksHaveToDo() {
        RanksContract.check(Ranks.ALONE, 100);
        for (int size = 1; size <= 4; size++) {
            ThreadRanks.run(size, ranks -> RanksContract.check(ranks, 100));
        }
    }

    @Test
    void whoWaitsHearsOfAFailure() {
        var failure = assertThrows(IllegalArgumentException.class, () -> ThreadRanks.run(3, ranks -> {
            if (ranks.rank() == 1) {
                throw new IllegalArgumentException("no more");
            }
            ranks.receive();
        }));
        assertEquals("no more", failure.getMessage());
    }

    @Test
    void whatDoesNotFitIsNotWaitedFor() {
        assertThrows(RanksException.class, () -> ThreadRanks.run(2, ranks -> {
            if (ranks.isFirst()) {
                ranks.meet();
            } else {
                ranks.broadcast(new float[1]);
            }
        }));
        assertThrows(RanksException.class, () -> ThreadRanks.run(2, ranks -> {
            if (ranks.isFirst()) {
                ranks.meet();
            }
        }));
        assertThrows(RanksException.class, () -> ThreadRanks.run(
                2, ranks -> ranks.allGather(new float[4], new int[] {0, 2 + ranks.rank(), 4})));
    }
}
