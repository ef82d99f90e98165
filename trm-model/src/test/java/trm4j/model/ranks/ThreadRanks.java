package trm4j.model.ranks;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Ranks that are threads of one process, for tests. When one throws, the others, wherever they wait, get a {@link
 * RanksException}; and so do all where ranks call different methods together, or with parts that do not fit, or wait for
 * one that has left.
 */
public final class ThreadRanks implements Ranks {

    private final Room room;
    private final int rank;

    private ThreadRanks(Room room, int rank) {
        this.room = room;
        this.rank = rank;
    }

    /** Has each rank do something, at the same time, and throws what the first that failed threw. */
    public static void run(int size, Consumer<Ranks> each) {
        call(size, ranks -> {
            each.accept(ranks);
            return ranks.rank();
        });
    }

    /**
     * Has each rank do something, at the same time; returns what they return, in their order, or throws what the first
     * that failed threw.
     */
    public static <T> List<T> call(int size, Function<Ranks, T> each) {
        var room = new Room(size);
        var first = new CompletableFuture<Throwable>();
        var results = IntStream.range(0, size).mapToObj(_ -> new CompletableFuture<T>()).toList();
        var threads = IntStream.range(0, size).mapToObj(rank -> Thread.ofPlatform().name("rank " + rank).start(() -> {
            try {
                results.get(rank).complete(each.apply(new ThreadRanks(room, rank)));
                room.leave(rank);
            } catch (Throwable e) {
                first.complete(e);
                room.fail("Rank " + rank + " failed: " + e.getMessage());
            }
        })).toList();
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (first.isDone()) {
            switch (first.join()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
        return results.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return room.size;
    }

    @Override
    public int localRank() {
        return rank;
    }

    @Override
    public int localSize() {
        return room.size;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public String connection() {
        return "memory";
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void allGather(float[] all, int[] starts) {
        var own = Arrays.copyOfRange(all, starts[rank], starts[rank + 1]);
        room.<float[]>meet(rank, "allGather(float[])", own, (from, part) ->
                copy(part, part.length, all, starts[from], starts[from + 1] - starts[from]));
    }

    @Override
    public void allGather(int[] all, int[] starts) {
        var own = Arrays.copyOfRange(all, starts[rank], starts[rank + 1]);
        room.<int[]>meet(rank, "allGather(int[])", own, (from, part) ->
                copy(part, part.length, all, starts[from], starts[from + 1] - starts[from]));
    }

    @Override
    public List<byte[]> allGather(byte[] own) {
        var all = new byte[room.size][];
        room.<byte[]>meet(rank, "allGather(byte[])", own.clone(), (from, bytes) -> all[from] = bytes.clone());
        return List.of(all);
    }

    @Override
    public void allToAll(float[] send, int[] sendStarts, float[] receive, int[] receiveStarts) {
        var parts = IntStream.range(0, room.size)
                .mapToObj(to -> Arrays.copyOfRange(send, sendStarts[to], sendStarts[to + 1]))
                .toArray(float[][]::new);
        room.<float[][]>meet(rank, "allToAll(float[])", parts, (from, sent) -> copy(
                sent[rank], sent[rank].length, receive, receiveStarts[from],
                receiveStarts[from + 1] - receiveStarts[from]));
    }

    @Override
    public byte[] broadcast(byte[] bytes) {
        var got = new byte[1][];
        room.<byte[]>meet(rank, "broadcast(byte[])", rank == 0 ? bytes.clone() : new byte[0], (from, sent) -> {
            if (from == 0) {
                got[0] = sent.clone();
            }
        });
        return got[0];
    }

    @Override
    public void broadcast(float[] values) {
        room.<float[]>meet(rank, "broadcast(float[])", values.clone(), (from, sent) -> {
            if (from == 0) {
                copy(sent, sent.length, values, 0, values.length);
            }
        });
    }

    /** Copies a part, which has to be as long as what it goes to. */
    private static void copy(Object part, int length, Object to, int at, int expected) {
        if (length != expected) {
            throw new RanksException("Expected a part of " + expected + " numbers, found one of " + length);
        }
        System.arraycopy(part, 0, to, at, length);
    }

    @Override
    public void send(int to, float[] values, int from, int length) {
        room.put(room.numbers.get(rank * room.size + to), Arrays.copyOfRange(values, from, from + length));
    }

    @Override
    public void receive(int from, float[] values, int at, int length) {
        var sent = room.take(room.numbers.get(from * room.size + rank), () -> room.left[from]);
        copy(sent, sent.length, values, at, length);
    }

    @Override
    public void send(int to, byte[] message) {
        room.put(room.mail.get(to), new Message(rank, message.clone()));
    }

    @Override
    public Optional<Message> poll() {
        return room.poll(room.mail.get(rank));
    }

    @Override
    public Message receive() {
        return room.take(room.mail.get(rank), () -> room.allHaveLeftBut(rank));
    }

    @Override
    public void abort(int status) {
        throw new RanksException("Rank " + rank + " ended all with status " + status);
    }

    @Override
    public void close() {
        meet();
    }

    private interface Got<T> {

        void from(int rank, T brought);
    }

    /** What the threads share; its monitor is what they wait at. */
    private static final class Room {

        final int size;
        final boolean[] left;
        final List<Queue<Message>> mail;
        /** From rank r to rank s, in place r * size + s. */
        final List<Queue<float[]>> numbers;
        private final String[] methods;
        private final Object[] brought;
        private Object[] met;
        private int here;
        private long meetings;
        private String failure;

        Room(int size) {
            this.size = size;
            left = new boolean[size];
            mail = IntStream.range(0, size).<Queue<Message>>mapToObj(_ -> new ArrayDeque<>()).toList();
            numbers = IntStream.range(0, size * size).<Queue<float[]>>mapToObj(_ -> new ArrayDeque<>()).toList();
            methods = new String[size];
            brought = new Object[size];
        }

        synchronized void leave(int rank) {
            left[rank] = true;
            notifyAll();
        }

        synchronized void fail(String sentence) {
            if (failure == null) {
                failure = sentence;
            }
            notifyAll();
        }

        /** Waits until all have called the same method, and gives what they brought. */
        @SuppressWarnings("unchecked")
        <T> void meet(int rank, String method, T own, Got<T> got) {
            Object[] all;
            synchronized (this) {
                methods[rank] = method;
                brought[rank] = own;
                here++;
                long meeting = meetings;
                if (here == size) {
                    if (Arrays.stream(methods).distinct().count() > 1) {
                        fail("Ranks call different methods together: " + Arrays.toString(methods));
                    }
                    met = brought.clone();
                    here = 0;
                    meetings++;
                    notifyAll();
                }
                await(() -> meetings > meeting, this::hasOneLeft);
                all = met;
            }
            for (int from = 0; from < size; from++) {
                got.from(from, (T) all[from]);
            }
        }

        synchronized <T> void put(Queue<T> queue, T sent) {
            await(() -> true, () -> false);
            queue.add(sent);
            notifyAll();
        }

        synchronized <T> Optional<T> poll(Queue<T> queue) {
            await(() -> true, () -> false);
            return Optional.ofNullable(queue.poll());
        }

        synchronized <T> T take(Queue<T> queue, Supplier<Boolean> isVain) {
            await(() -> !queue.isEmpty(), isVain);
            return queue.remove();
        }

        boolean allHaveLeftBut(int rank) {
            return IntStream.range(0, size).allMatch(each -> each == rank || left[each]);
        }

        private boolean hasOneLeft() {
            return IntStream.range(0, size).anyMatch(each -> left[each]);
        }

        /** Waits for something, unless a rank failed, or it will never come. */
        private void await(Supplier<Boolean> hasCome, Supplier<Boolean> isVain) {
            while (failure == null && !hasCome.get()) {
                if (isVain.get()) {
                    throw new RanksException("A rank has left that is waited for");
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (failure != null) {
                throw new RanksException(failure);
            }
        }
    }
}
