package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Runs kernels of work-groups on the JVM: the threads of a group as threads, with its local memory and its barriers,
 * one group after the other.
 */
final class WorkGroups {

    private WorkGroups() {}

    /** Skips a test where TornadoVM is, which {@link GroupContexts} would harm; its devices run work-groups, too. */
    static void skipBesideTornadoVm() {
        assumeFalse(ModuleLayer.boot().findModule("tornado.runtime").isPresent(), "TornadoVM runs work-groups here");
    }

    /** Runs a kernel that is given the context of each thread. */
    static void run(Threads threads, Consumer<KernelContext> kernel) {
        skipBesideTornadoVm();
        for (int z = 0; z < threads.groupsZ(); z++) {
            for (int y = 0; y < threads.groupsY(); y++) {
                for (int x = 0; x < threads.groupsX(); x++) {
                    new Group(threads).run(x, y, z, kernel);
                }
            }
        }
    }

    /** One group, with what its threads share. */
    private static final class Group {

        private final Threads threads;
        private final Barrier barrier;
        private final List<Object> memory = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();

        Group(Threads threads) {
            this.threads = threads;
            barrier = new Barrier(threads.group());
        }

        void run(int x, int y, int z, Consumer<KernelContext> kernel) {
            var members = new ArrayList<Member>();
            var running = new ArrayList<Thread>();
            for (int localY = 0; localY < threads.groupY(); localY++) {
                for (int localX = 0; localX < threads.groupX(); localX++) {
                    var member = new Member(this);
                    var context = GroupContexts.of(member, Map.of(
                            "groupIdx", x, "groupIdy", y, "groupIdz", z, "localIdx", localX, "localIdy", localY,
                            "globalIdx", x * threads.groupX() + localX, "globalIdy", y * threads.groupY() + localY,
                            "globalIdz", z));
                    members.add(member);
                    running.add(Thread.ofVirtual().unstarted(() -> run(kernel, context)));
                }
            }
            running.forEach(Thread::start);
            try {
                for (var thread : running) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while a work-group ran", e);
            }
            if (!failures.isEmpty()) {
                throw new IllegalStateException("a thread of a work-group failed", failures.getFirst());
            }
            if (members.stream().mapToInt(member -> member.barriers).distinct().count() > 1) {
                throw new IllegalStateException("not all threads of a work-group came to the same barriers");
            }
        }

        private void run(Consumer<KernelContext> kernel, KernelContext context) {
            try {
                kernel.accept(context);
            } catch (RuntimeException | Error e) {
                synchronized (failures) {
                    failures.add(e);
                }
            } finally {
                // Whoever still waits must not wait for this thread.
                barrier.leave();
            }
        }

        /** The array that the threads of a group ask for as their n-th. */
        private synchronized Object array(int n, Object array) {
            if (n == memory.size()) {
                memory.add(array);
            }
            return memory.get(n);
        }
    }

    /** Holds threads until all have come; that of java.util.concurrent spins first, which takes far longer here. */
    private static final class Barrier {

        private final List<Thread> waiting = new ArrayList<>();
        private int threads;
        private volatile int round;

        Barrier(int threads) {
            this.threads = threads;
        }

        void await() {
            int mine;
            synchronized (this) {
                mine = round;
                waiting.add(Thread.currentThread());
                releaseIfAllCame();
            }
            while (round == mine) {
                LockSupport.park(this);
            }
        }

        /** One thread less to wait for. */
        synchronized void leave() {
            threads--;
            releaseIfAllCame();
        }

        private void releaseIfAllCame() {
            if (waiting.size() == threads) {
                round++;
                waiting.forEach(LockSupport::unpark);
                waiting.clear();
            }
        }
    }

    /** What one thread shares with those of its group. */
    private static final class Member implements GroupContexts.Shared {

        private final Group group;
        private int arrays;
        private int barriers;

        Member(Group group) {
            this.group = group;
        }

        @Override
        public float[] floats(int size) {
            return (float[]) group.array(arrays++, new float[size]);
        }

        @Override
        public int[] ints(int size) {
            return (int[]) group.array(arrays++, new int[size]);
        }

        @Override
        public void barrier() {
            barriers++;
            group.barrier.await();
        }
    }
}
