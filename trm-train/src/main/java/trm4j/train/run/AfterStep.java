package trm4j.train.run;

import java.util.List;
import trm4j.model.ranks.Ranks;

/**
 * What ranks that train together agree on after a step, so that all go on in the same way.
 *
 * @param stops whether any was told to stop
 * @param saves whether a checkpoint is due, by the clock of rank 0
 * @param failed whether any cannot go on, though the step is sound
 */
record AfterStep(boolean stops, boolean saves, boolean failed) {

    private static final int STOPS = 1;
    private static final int SAVES = 2;
    private static final int FAILED = 4;

    /** Together: returns what holds for all, of what each says. */
    static AfterStep of(Ranks ranks, boolean stops, boolean saves, boolean failed) {
        if (!ranks.areSeveral()) {
            return new AfterStep(stops, saves, failed);
        }
        int own = (stops ? STOPS : 0) | (saves ? SAVES : 0) | (failed ? FAILED : 0);
        var all = ranks.allGather(new byte[] {(byte) own});
        return new AfterStep(any(all, STOPS), any(all.subList(0, 1), SAVES), any(all, FAILED));
    }

    private static boolean any(List<byte[]> all, int flag) {
        return all.stream().anyMatch(each -> (each[0] & flag) != 0);
    }
}
