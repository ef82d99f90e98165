package trm4j.model.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What ranks have to do, whatever connects them. */
public final class RanksContract {

    private RanksContract() {}

    /**
     * Does all that ranks can do; called by each of them, at the same time.
     *
     * @param length of what is sent: numbers in the longest arrays
     * @throws AssertionError if something comes otherwise than it was sent
     */
    public static void check(Ranks ranks, int length) {
        assertTrue(ranks.localRank() < ranks.localSize() && ranks.localSize() <= ranks.size());
        var even = even(ranks.size(), length);
        for (var starts : new int[][] {even, uneven(ranks.size(), length), from(7, even)}) {
            gathersFloats(ranks, starts);
            gathersInts(ranks, starts);
            scatters(ranks, starts);
        }
        gathersBytes(ranks);
        broadcasts(ranks, length);
        decides(ranks);
        sendsToTheNext(ranks, length);
        handsOut(ranks);
        ranks.meet();
    }

    /** Any bits at all, NaNs with all their payloads among them. */
    private static float[] numbers(long seed, int length) {
        var random = new SplittableRandom(seed);
        var numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = Float.intBitsToFloat(random.nextInt());
        }
        return numbers;
    }

    private static int[] bits(float[] numbers) {
        var bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }

    private static int[] even(int size, int length) {
        return IntStream.rangeClosed(0, size).map(r -> (int) ((long) r * length / size)).toArray();
    }

    /** Nothing for rank 0, if there are others; all other parts of different lengths. */
    private static int[] uneven(int size, int length) {
        return IntStream.rangeClosed(0, size)
                .map(r -> r == 0 ? 0 : r == size ? length : (int) ((r - 1L) * (r - 1) * length / size / size))
                .toArray();
    }

    private static int[] from(int first, int[] starts) {
        return IntStream.of(starts).map(start -> first + start).toArray();
    }

    private static void gathersFloats(Ranks ranks, int[] starts) {
        var expected = numbers(1, starts[ranks.size()]);
        Arrays.fill(expected, 0, starts[0], 0);
        var all = new float[expected.length];
        int from = starts[ranks.rank()];
        System.arraycopy(expected, from, all, from, starts[ranks.rank() + 1] - from);
        ranks.allGather(all, starts);
        assertArrayEquals(bits(expected), bits(all));
    }

    private static void gathersInts(Ranks ranks, int[] starts) {
        var expected = bits(numbers(2, starts[ranks.size()]));
        Arrays.fill(expected, 0, starts[0], 0);
        var all = new int[expected.length];
        int from = starts[ranks.rank()];
        System.arraycopy(expected, from, all, from, starts[ranks.rank() + 1] - from);
        ranks.allGather(all, starts);
        assertArrayEquals(expected, all);
    }

    /** Each sends the parts of numbers of its own. */
    private static void scatters(Ranks ranks, int[] starts) {
        int own = starts[ranks.rank() + 1] - starts[ranks.rank()];
        var receiveStarts = IntStream.rangeClosed(0, ranks.size()).map(r -> 1 + r * own).toArray();
        var received = new float[1 + ranks.size() * own];
        ranks.allToAll(numbers(3 + ranks.rank(), starts[ranks.size()]), starts, received, receiveStarts);
        for (int from = 0; from < ranks.size(); from++) {
            var sent = numbers(3 + from, starts[ranks.size()]);
            assertArrayEquals(
                    bits(Arrays.copyOfRange(sent, starts[ranks.rank()], starts[ranks.rank() + 1])),
                    bits(Arrays.copyOfRange(received, receiveStarts[from], receiveStarts[from + 1])));
        }
        assertEquals(0, received[0]);
    }

    private static void gathersBytes(Ranks ranks) {
        var all = ranks.allGather("x".repeat(ranks.rank()).getBytes());
        assertEquals(ranks.size(), all.size());
        for (int rank = 0; rank < ranks.size(); rank++) {
            assertEquals("x".repeat(rank), new String(all.get(rank)));
        }
    }

    private static void broadcasts(Ranks ranks, int length) {
        assertEquals("from 0", new String(ranks.broadcast(ranks.isFirst() ? "from 0".getBytes() : null)));
        assertEquals(0, ranks.broadcast(new byte[ranks.rank()]).length);
        var numbers = numbers(ranks.isFirst() ? 4 : 5, length);
        ranks.broadcast(numbers);
        assertArrayEquals(bits(numbers(4, length)), bits(numbers));
    }

    private static void decides(Ranks ranks) {
        assertTrue(ranks.any(ranks.rank() == ranks.size() - 1));
        assertTrue(!ranks.any(false));
    }

    /** In a circle, in which each has to take before the one behind it can go on. */
    private static void sendsToTheNext(Ranks ranks, int length) {
        if (!ranks.areSeveral()) {
            return;
        }
        int next = (ranks.rank() + 1) % ranks.size();
        int before = (ranks.rank() + ranks.size() - 1) % ranks.size();
        var sent = numbers(6, length);
        var received = new float[length];
        if (ranks.isFirst()) {
            ranks.send(next, sent, 1, length - 1);
            ranks.receive(before, received, 1, length - 1);
        } else {
            ranks.receive(before, received, 1, length - 1);
            ranks.send(next, received, 1, length - 1);
        }
        sent[0] = 0;
        assertArrayEquals(bits(sent), bits(received));
    }

    /** Rank 0 answers what comes: the others ask for work until there is none, then say what they had. */
    private static void handsOut(Ranks ranks) {
        if (!ranks.areSeveral()) {
            assertTrue(ranks.poll().isEmpty());
            return;
        }
        int pieces = 20;
        if (!ranks.isFirst()) {
            long sum = 0;
            while (true) {
                ranks.send(0, new byte[0]);
                var piece = ranks.receive();
                assertEquals(0, piece.from());
                if (piece.bytes().length == 0) {
                    break;
                }
                sum += piece.bytes().length;
            }
            ranks.send(0, Long.toString(sum).getBytes());
            return;
        }
        long sum = 0;
        int left = pieces;
        int told = 0;
        while (told < ranks.size() - 1) {
            var message = ranks.poll().orElseGet(ranks::receive);
            if (message.bytes().length == 0) {
                ranks.send(message.from(), new byte[left]);
                left = Math.max(0, left - 1);
            } else {
                sum += Long.parseLong(new String(message.bytes()));
                told++;
            }
        }
        assertEquals(LongStream.rangeClosed(1, pieces).sum(), sum);
    }
}
