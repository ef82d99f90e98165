package trm4j.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import trm4j.model.ranks.RanksException;

/**
 * The functions of MPI that are called, each among all ranks there are. Any thread may call, one is in the library at a
 * time. None waits for other ranks but {@link #start} and {@link #end}: what would is begun, and {@linkplain #isDone
 * asked for}, so that {@link #abort} comes through at any time.
 */
final class MpiLibrary {

    /** {@code MPI_THREAD_SERIALIZED}: any thread may call, one at a time. */
    private static final int SERIALIZED = 2;
    private static final int TEXT_BYTES = 1024;
    private static final long ABORT_SECONDS = 2;
    private static final int SIGKILL = 9;

    /** What has come. */
    record Arrival(int from, int bytes) {}

    private final Abi abi;
    private final String version;
    private final ReentrantLock lock = new ReentrantLock();
    /** What functions return by their arguments. */
    private final MemorySegment result;
    private final MemorySegment status;
    private final MemorySegment text;

    private final MethodHandle initThread;
    private final MethodHandle commRank;
    private final MethodHandle commSize;
    private final MethodHandle setErrorHandler;
    private final MethodHandle processorName;
    private final MethodHandle isend;
    private final MethodHandle irecv;
    private final MethodHandle test;
    private final MethodHandle iprobe;
    private final MethodHandle getCount;
    private final MethodHandle ibcast;
    private final MethodHandle iallgather;
    private final MethodHandle iallgatherv;
    private final MethodHandle ialltoallv;
    private final MethodHandle errorString;
    private final MethodHandle abort;
    private final MethodHandle end;

    /**
     * Binds the functions.
     *
     * @throws RanksException if one is missing, or the library is none whose constants are known
     */
    MpiLibrary(SymbolLookup library) {
        var told = Abi.version(library);
        abi = Abi.of(library, told);
        version = told.replaceFirst(",.*", "").replaceFirst(" Version: *", " ");
        var arena = Arena.ofAuto();
        result = arena.allocate(JAVA_INT);
        status = arena.allocate(Abi.STATUS_BYTES, Long.BYTES);
        text = arena.allocate(TEXT_BYTES);
        var handle = abi.handle();
        initThread = function(library, "MPI_Init_thread", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        commRank = function(library, "MPI_Comm_rank", handle, ADDRESS);
        commSize = function(library, "MPI_Comm_size", handle, ADDRESS);
        setErrorHandler = function(library, "MPI_Comm_set_errhandler", handle, handle);
        processorName = function(library, "MPI_Get_processor_name", ADDRESS, ADDRESS);
        isend = function(library, "MPI_Isend", ADDRESS, JAVA_INT, handle, JAVA_INT, JAVA_INT, handle, ADDRESS);
        irecv = function(library, "MPI_Irecv", ADDRESS, JAVA_INT, handle, JAVA_INT, JAVA_INT, handle, ADDRESS);
        test = function(library, "MPI_Test", ADDRESS, ADDRESS, ADDRESS);
        iprobe = function(library, "MPI_Iprobe", JAVA_INT, JAVA_INT, handle, ADDRESS, ADDRESS);
        getCount = function(library, "MPI_Get_count", ADDRESS, handle, ADDRESS);
        ibcast = function(library, "MPI_Ibcast", ADDRESS, JAVA_INT, handle, JAVA_INT, handle, ADDRESS);
        iallgather = function(
                library, "MPI_Iallgather", ADDRESS, JAVA_INT, handle, ADDRESS, JAVA_INT, handle, handle, ADDRESS);
        iallgatherv = function(
                library, "MPI_Iallgatherv", ADDRESS, JAVA_INT, handle, ADDRESS, ADDRESS, ADDRESS, handle, handle,
                ADDRESS);
        ialltoallv = function(
                library, "MPI_Ialltoallv", ADDRESS, ADDRESS, ADDRESS, handle, ADDRESS, ADDRESS, ADDRESS, handle, handle,
                ADDRESS);
        errorString = function(library, "MPI_Error_string", JAVA_INT, ADDRESS, ADDRESS);
        abort = function(library, "MPI_Abort", handle, JAVA_INT);
        end = function(library, "MPI_Finalize");
    }

    /** A function that returns a status. Its handles are taken as longs, whatever the library has. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... parameters) {
        var symbol = library.find(name).orElseThrow(() -> new RanksException(
                "The MPI library has no function " + name + ", expected one of MPI 3 or later; name another in "
                        + LibraryFile.VARIABLE + "."));
        var call = Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, parameters));
        var types = Arrays.stream(parameters)
                .map(each -> each.name().isPresent() ? long.class : each == ADDRESS ? MemorySegment.class : int.class)
                .toArray(Class<?>[]::new);
        return MethodHandles.explicitCastArguments(call, MethodType.methodType(int.class, types));
    }

    /** Returns its name and version, such as {@code Open MPI v4.1.4}. */
    String version() {
        return version;
    }

    boolean isOpenMpi() {
        return abi.isOpenMpi();
    }

    /**
     * Connects this process with the others. From then on, errors are returned.
     *
     * @throws RanksException if the library takes calls from one thread only
     */
    void start() {
        int granted = result(() -> (int) initThread.invokeExact(
                MemorySegment.NULL, MemorySegment.NULL, SERIALIZED, result), "start");
        if (granted < SERIALIZED) {
            throw new RanksException(version + " was built for programs of one thread (level " + granted + ", expected "
                    + SERIALIZED + "); install one that is built with threads.");
        }
        call(() -> (int) setErrorHandler.invokeExact(abi.world(), abi.errorsReturn()), "start");
    }

    int rank() {
        return result(() -> (int) commRank.invokeExact(abi.world(), result), "tell the rank");
    }

    int size() {
        return result(() -> (int) commSize.invokeExact(abi.world(), result), "tell how many ranks there are");
    }

    /** The name of the machine. */
    String machine() {
        result(() -> (int) processorName.invokeExact(text, result), "tell the machine's name");
        return Abi.text(text);
    }

    /** Begins to send numbers, of 4 bytes each, and returns the request. */
    MemorySegment sendInts(MemorySegment data, int count, int to, int tag) {
        return begun(
                request -> (int) isend.invokeExact(data, count, abi.ints(), to, tag, abi.world(), request), "send");
    }

    MemorySegment receiveInts(MemorySegment data, int count, int from, int tag) {
        return begun(
                request -> (int) irecv.invokeExact(data, count, abi.ints(), from, tag, abi.world(), request),
                "receive");
    }

    MemorySegment sendBytes(MemorySegment data, int to, int tag) {
        int count = (int) data.byteSize();
        return begun(
                request -> (int) isend.invokeExact(data, count, abi.bytes(), to, tag, abi.world(), request), "send");
    }

    MemorySegment receiveBytes(MemorySegment data, int from, int tag) {
        int count = (int) data.byteSize();
        return begun(
                request -> (int) irecv.invokeExact(data, count, abi.bytes(), from, tag, abi.world(), request),
                "receive");
    }

    /** Returns what has come with a tag, if something has; it is still to be received. */
    Optional<Arrival> arrival(int tag) {
        lock.lock();
        try {
            int come = result(
                    () -> (int) iprobe.invokeExact(abi.anySource(), tag, abi.world(), result, status), "look");
            if (come == 0) {
                return Optional.empty();
            }
            int bytes = result(() -> (int) getCount.invokeExact(status, abi.bytes(), result), "measure a message");
            return Optional.of(new Arrival(status.get(JAVA_INT, abi.sourceOffset()), bytes));
        } finally {
            lock.unlock();
        }
    }

    /** Begins to give rank 0's numbers, of 4 bytes each, to all. */
    MemorySegment broadcastInts(MemorySegment data, int count) {
        return begun(
                request -> (int) ibcast.invokeExact(data, count, abi.ints(), 0, abi.world(), request), "broadcast");
    }

    /** Begins to gather one number of each rank. */
    MemorySegment gatherOne(MemorySegment own, MemorySegment all) {
        return begun(request -> (int) iallgather.invokeExact(
                own, 1, abi.ints(), all, 1, abi.ints(), abi.world(), request), "gather");
    }

    /** Begins to gather parts in place, of numbers of 4 bytes. */
    MemorySegment gatherInts(MemorySegment all, Parts parts) {
        return gather(all, parts, abi.ints());
    }

    /** Begins to gather parts in place. */
    MemorySegment gatherBytes(MemorySegment all, Parts parts) {
        return gather(all, parts, abi.bytes());
    }

    private MemorySegment gather(MemorySegment all, Parts parts, long type) {
        return begun(request -> (int) iallgatherv.invokeExact(
                abi.inPlace(), 0, type, all, parts.counts, parts.starts, type, abi.world(), request), "gather");
    }

    /** Begins to give each rank a part, of numbers of 4 bytes. */
    MemorySegment exchangeInts(MemorySegment going, Parts given, MemorySegment coming, Parts got) {
        return begun(request -> (int) ialltoallv.invokeExact(
                going, given.counts, given.starts, abi.ints(), coming, got.counts, got.starts, abi.ints(), abi.world(),
                request), "exchange");
    }

    /** Tells whether what was begun is done, and has it go on. */
    boolean isDone(MemorySegment request) {
        return result(() -> (int) test.invokeExact(request, result, status), "go on with an exchange") != 0;
    }

    /** Ends all ranks. Does not return. */
    void abort(int exitStatus) {
        try {
            if (lock.tryLock(ABORT_SECONDS, TimeUnit.SECONDS)) {
                abort.invoke(abi.world(), exitStatus);
            }
        } catch (Throwable e) {
            // The process ends all the same, and with it, by its launcher, the others.
        }
        Runtime.getRuntime().halt(exitStatus);
    }

    /** Waits for all ranks to come here, and disconnects them. */
    void end() {
        call(() -> (int) end.invokeExact(), "end");
    }

    /** Ends this process by SIGKILL; returns where that is not possible. */
    @SuppressWarnings("restricted")
    static void kill() {
        var linker = Linker.nativeLinker();
        linker.defaultLookup().find("raise").ifPresent(raise -> {
            try {
                int _ = (int) linker.downcallHandle(raise, FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(SIGKILL);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        });
    }

    private interface Call {

        int run() throws Throwable;
    }

    private interface Begin {

        int run(MemorySegment request) throws Throwable;
    }

    private MemorySegment begun(Begin begin, String what) {
        var request = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
        call(() -> begin.run(request), what);
        return request;
    }

    private int result(Call function, String what) {
        lock.lock();
        try {
            call(function, what);
            return result.get(JAVA_INT, 0);
        } finally {
            lock.unlock();
        }
    }

    private void call(Call function, String what) {
        lock.lock();
        try {
            int error = function.run();
            if (error != 0) {
                throw new RanksException(version + " could not " + what + ": " + told(error) + ".");
            }
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            lock.unlock();
        }
    }

    private String told(int error) throws Throwable {
        return (int) errorString.invokeExact(error, text, result) == 0 ? Abi.text(text) : "error " + error;
    }

    static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
