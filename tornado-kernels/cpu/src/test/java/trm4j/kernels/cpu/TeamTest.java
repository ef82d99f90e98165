package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TeamTest {

    private static final int ROUNDS = 100;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void doesEveryPartOnce(int size) {
        try (var team = new Team(size)) {
            for (int count : new int[] {0, 1, 2, 7, 1000}) {
                for (int round = 0; round < ROUNDS; round++) {
                    checkEveryPartIsDoneOnce(team, count);
                }
            }
        }
    }

    /** Long enough for the idle members to go to sleep. */
    @Test
    void wakesAfterARest() throws InterruptedException {
        try (var team = new Team(3)) {
            for (int round = 0; round < 5; round++) {
                Thread.sleep(Duration.ofMillis(20));
                checkEveryPartIsDoneOnce(team, 100);
            }
        }
    }

    private static void checkEveryPartIsDoneOnce(Team team, int count) {
        var done = new AtomicIntegerArray(count);
        team.run(count, (part, _) -> done.incrementAndGet(part));
        var ones = new int[count];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, IntStream.range(0, count).map(done::get).toArray());
    }

    /** Two parts that wait for each other: they end only if different members do them, at the same time. */
    @Test
    void membersWorkAtTheSameTimeEachUnderItsOwnNumber() {
        try (var team = new Team(2)) {
            var met = new CountDownLatch(2);
            var workers = new int[2];
            team.run(2, (part, worker) -> {
                workers[part] = worker;
                met.countDown();
                await(met);
            });
            Arrays.sort(workers);
            assertArrayEquals(new int[] {0, 1}, workers);
        }
    }

    /** Nobody is done with the first part before all have one, so that none takes parts of others. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void eachMemberBeginsWithItsOwnShare(int size) {
        try (var team = new Team(size)) {
            for (int round = 0; round < ROUNDS; round++) {
                var all = new CountDownLatch(size);
                var first = new int[size];
                Arrays.fill(first, -1);
                team.run(4 * size + 1, (part, worker) -> {
                    if (first[worker] < 0) {
                        first[worker] = part;
                        all.countDown();
                        await(all);
                    }
                });
                assertArrayEquals(IntStream.range(0, size).map(i -> i * (4 * size + 1) / size).toArray(), first);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void tellsTheCallerOfAFailureAndWorksOn(int size) {
        var failure = new ArithmeticException("part 5");
        try (var team = new Team(size)) {
            for (int round = 0; round < ROUNDS; round++) {
                int failing = ThreadLocalRandom.current().nextInt(10);
                var thrown = assertThrows(RuntimeException.class, () -> team.run(10, (part, _) -> {
                    if (part == failing) {
                        throw failure;
                    }
                }));
                assertSame(failure, thrown == failure ? thrown : thrown.getCause());
                checkEveryPartIsDoneOnce(team, 10);
            }
        }
    }

    @Test
    void closingEndsItsThreads() throws InterruptedException {
        var members = new ArrayList<Thread>();
        try (var team = new Team(3)) {
            var all = new CountDownLatch(3);
            var caller = Thread.currentThread();
            team.run(3, (_, _) -> {
                synchronized (members) {
                    if (Thread.currentThread() != caller) {
                        members.add(Thread.currentThread());
                    }
                }
                all.countDown();
                await(all);
            });
            assertEquals(2, members.size());
            assertTrue(members.stream().allMatch(Thread::isAlive));
        }
        for (var member : List.copyOf(members)) {
            assertTrue(member.join(Duration.ofSeconds(10)), member + " goes on");
        }
    }
}
