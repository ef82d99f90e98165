package trm4j.mpi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.model.ranks.Ranks;

/**
 * Ranks that MPI connects. It moves data while Java's garbage collector may move arrays, so that all passes through
 * native memory.
 */
final class MpiRanks implements Ranks {

    private static final int NUMBERS = 1;
    private static final int MESSAGES = 2;
    /** Numbers that are sent at a time, so that the memory they pass through stays small. */
    private static final int PIECE = 1 << 18;

    private static final int MOST_TOLD = 16;
    /** Longer than Open MPI's mpirun takes from SIGTERM to SIGKILL, unless it is told otherwise. */
    private static final long PATIENCE_NANOS = 1_300_000_000;

    /** A message that is on its way, and its memory. */
    private record Sent(MemorySegment request, MemorySegment bytes) {}

    private final MpiLibrary library;
    private final List<String> remarks;
    private final int rank;
    private final int size;
    private final int localRank;
    private final int localSize;
    private final int threads;
    private final Staging out = new Staging();
    private final Staging in = new Staging();
    private final Parts given;
    private final Parts got;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private Waiting waiting = Waiting.ON_SHARED_PROCESSOR;
    private volatile boolean isConnected = true;

    /**
     * Ranks whose library is started.
     *
     * @param remark a sentence on what started them, if there is something to know
     */
    MpiRanks(MpiLibrary library, Optional<String> remark) {
        this.library = library;
        Runtime.getRuntime().addShutdownHook(new Thread(this::endAll));
        rank = library.rank();
        size = library.size();
        given = new Parts(size);
        got = new Parts(size);
        var machines = allGather(library.machine().getBytes()).stream().map(String::new).toList();
        var here = IntStream.range(0, size)
                .filter(each -> machines.get(each).equals(machines.get(rank)))
                .boxed()
                .toList();
        localRank = here.indexOf(rank);
        localSize = here.size();
        var binding = Binding.ofThisProcess();
        int available = Runtime.getRuntime().availableProcessors();
        threads = binding.threads(localSize, available);
        if (binding.areEnough(localSize, available)) {
            waiting = Waiting.ON_OWN_PROCESSOR;
        }
        remarks = Stream.of(remark, binding.remark(localSize), processes()).flatMap(Optional::stream).toList();
    }

    /** Says which process each rank is, where the launcher names a killed one by that alone. */
    private Optional<String> processes() {
        if (library.isOpenMpi() || size > MOST_TOLD) {
            return Optional.empty();
        }
        var all = allGather(Long.toString(ProcessHandle.current().pid()).getBytes());
        return Optional.of(IntStream.range(0, size)
                .mapToObj(each -> "rank " + each + " is " + new String(all.get(each)))
                .collect(Collectors.joining(", ", "mpirun names a rank that is killed by its process: ", ".")));
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int localRank() {
        return localRank;
    }

    @Override
    public int localSize() {
        return localSize;
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public String connection() {
        return library.version();
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    @Override
    public void allGather(float[] all, int[] starts) {
        var passing = in.numbers(starts[size] - starts[0]);
        copyOut(all, passing, starts, rank, rank + 1);
        await(library.gatherInts(passing, got.set(starts)));
        copyIn(passing, all, starts, 0, rank);
        copyIn(passing, all, starts, rank + 1, size);
    }

    @Override
    public void allGather(int[] all, int[] starts) {
        var passing = in.numbers(starts[size] - starts[0]);
        MemorySegment.copy(
                all, starts[rank], passing, JAVA_INT, (long) Integer.BYTES * (starts[rank] - starts[0]),
                starts[rank + 1] - starts[rank]);
        await(library.gatherInts(passing, got.set(starts)));
        MemorySegment.copy(passing, JAVA_INT, 0, all, starts[0], starts[size] - starts[0]);
    }

    @Override
    public List<byte[]> allGather(byte[] own) {
        var length = out.numbers(1);
        length.set(JAVA_INT, 0, own.length);
        var lengths = in.numbers(size);
        await(library.gatherOne(length, lengths));
        var starts = new int[size + 1];
        for (int from = 0; from < size; from++) {
            starts[from + 1] = Math.addExact(starts[from], lengths.getAtIndex(JAVA_INT, from));
        }
        var passing = in.bytes(starts[size]);
        MemorySegment.copy(own, 0, passing, JAVA_BYTE, starts[rank], own.length);
        await(library.gatherBytes(passing, got.set(starts)));
        return IntStream.range(0, size)
                .mapToObj(from -> passing.asSlice(starts[from], starts[from + 1] - starts[from]).toArray(JAVA_BYTE))
                .toList();
    }

    @Override
    public void allToAll(float[] send, int[] sendStarts, float[] receive, int[] receiveStarts) {
        var going = out.numbers(sendStarts[size] - sendStarts[0]);
        var coming = in.numbers(receiveStarts[size] - receiveStarts[0]);
        copyOut(send, going, sendStarts, 0, rank);
        copyOut(send, going, sendStarts, rank + 1, size);
        await(library.exchangeInts(
                going, given.set(sendStarts).without(rank), coming, got.set(receiveStarts).without(rank)));
        copyIn(coming, receive, receiveStarts, 0, rank);
        copyIn(coming, receive, receiveStarts, rank + 1, size);
        System.arraycopy(
                send, sendStarts[rank], receive, receiveStarts[rank], sendStarts[rank + 1] - sendStarts[rank]);
    }

    @Override
    public byte[] broadcast(byte[] bytes) {
        var length = out.numbers(1);
        length.set(JAVA_INT, 0, rank == 0 ? bytes.length : 0);
        await(library.broadcastInts(length, 1));
        int count = length.get(JAVA_INT, 0);
        var passing = in.numbers(Math.ceilDiv(count, Integer.BYTES));
        if (rank == 0) {
            MemorySegment.copy(bytes, 0, passing, JAVA_BYTE, 0, count);
        }
        await(library.broadcastInts(passing, Math.ceilDiv(count, Integer.BYTES)));
        return passing.asSlice(0, count).toArray(JAVA_BYTE);
    }

    @Override
    public void broadcast(float[] values) {
        inPieces(values.length, (from, length) -> {
            var passing = in.numbers(length);
            MemorySegment.copy(values, from, passing, JAVA_FLOAT, 0, length);
            await(library.broadcastInts(passing, length));
            MemorySegment.copy(passing, JAVA_FLOAT, 0, values, from, length);
        });
    }

    @Override
    public void send(int to, float[] values, int from, int length) {
        inPieces(length, (done, piece) -> {
            var passing = out.numbers(piece);
            MemorySegment.copy(values, from + done, passing, JAVA_FLOAT, 0, piece);
            await(library.sendInts(passing, piece, to, NUMBERS));
        });
    }

    @Override
    public void receive(int from, float[] values, int at, int length) {
        inPieces(length, (done, piece) -> {
            var passing = in.numbers(piece);
            await(library.receiveInts(passing, piece, from, NUMBERS));
            MemorySegment.copy(passing, JAVA_FLOAT, 0, values, at + done, piece);
        });
    }

    @Override
    public void send(int to, byte[] message) {
        forgetWhatWentOut();
        var bytes = Arena.ofAuto().allocateFrom(JAVA_BYTE, message);
        sent.add(new Sent(library.sendBytes(bytes, to, MESSAGES), bytes));
    }

    @Override
    public Optional<Message> poll() {
        forgetWhatWentOut();
        return library.arrival(MESSAGES).map(arrival -> {
            var bytes = Arena.ofAuto().allocate(arrival.bytes());
            await(library.receiveBytes(bytes, arrival.from(), MESSAGES));
            return new Message(arrival.from(), bytes.toArray(JAVA_BYTE));
        });
    }

    @Override
    public Message receive() {
        return Waiting.patiently(this::poll);
    }

    private void forgetWhatWentOut() {
        sent.removeIf(each -> library.isDone(each.request()));
    }

    private void await(MemorySegment request) {
        waiting.until(() -> library.isDone(request));
    }

    /** Copies some ranks' parts to memory that has those of all. */
    private static void copyOut(float[] values, MemorySegment passing, int[] starts, int first, int end) {
        MemorySegment.copy(
                values, starts[first], passing, JAVA_FLOAT, (long) Float.BYTES * (starts[first] - starts[0]),
                starts[end] - starts[first]);
    }

    /** Copies some ranks' parts from memory that has those of all. */
    private static void copyIn(MemorySegment passing, float[] values, int[] starts, int first, int end) {
        MemorySegment.copy(
                passing, JAVA_FLOAT, (long) Float.BYTES * (starts[first] - starts[0]), values, starts[first],
                starts[end] - starts[first]);
    }

    private interface Piece {

        void at(int from, int length);
    }

    private static void inPieces(int length, Piece piece) {
        for (int done = 0; done < length; done += PIECE) {
            piece.at(done, Math.min(PIECE, length - done));
        }
    }

    @Override
    public void abort(int status) {
        library.abort(status);
    }

    /** However this process ends, nobody is to wait for it. */
    private void endAll() {
        if (isConnected) {
            // If it ends since the launcher ends all, for another's fault, that is not to be told as this one's.
            if (library.isOpenMpi()) {
                LockSupport.parkNanos(PATIENCE_NANOS);
            }
            library.abort(1);
        }
    }

    @Override
    public void close() {
        waiting.until(() -> {
            forgetWhatWentOut();
            return sent.isEmpty();
        });
        // All wait here, where an abort comes through, and not in the library.
        meet();
        library.end();
        isConnected = false;
    }
}
