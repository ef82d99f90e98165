package trm4j.kernels.tornado;

import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * The threads that run a kernel: work-groups along three axes, each of x by y threads.
 *
 * @param groupX threads of a work-group along x
 */
record Threads(int groupsX, int groupsY, int groupsZ, int groupX, int groupY) {

    /** None at all: what is launched is no kernel, but a library's call. */
    static final Threads NONE = new Threads(0, 0, 0, 0, 0);

    private static final int GROUP = 256;
    /** Elements beyond this many threads are shared out: each thread takes several. */
    private static final int MOST_GROUPS = 1 << 20;

    /** One thread for each element. */
    static Threads of(int elements) {
        return new Threads(Math.clamp(Math.ceilDiv(elements, GROUP), 1, MOST_GROUPS), 1, 1, GROUP, 1);
    }

    /** One work-group for each row. */
    static Threads rows(int rows, int group) {
        return new Threads(rows, 1, 1, group, 1);
    }

    /** At least so many threads, in work-groups of one size. */
    static Threads groups(int threads, int group) {
        return rows(Math.ceilDiv(threads, group), group);
    }

    /** Threads with a work-group each. */
    static Threads alone(int threads) {
        return rows(threads, 1);
    }

    /** Threads that have some vectors each ({@link Lanes#SHARE}), one after the other. */
    static Threads shares(int vectors) {
        return alone(Math.ceilDiv(vectors, Lanes.SHARE));
    }

    /** Threads of one work-group. */
    int group() {
        return groupX * groupY;
    }

    WorkerGrid grid() {
        WorkerGrid grid = groupsY * groupsZ * groupY == 1
                ? new WorkerGrid1D(groupsX * groupX)
                : new WorkerGrid3D(groupsX * groupX, groupsY * groupY, groupsZ);
        grid.setLocalWork(groupX, groupY, 1);
        return grid;
    }
}
