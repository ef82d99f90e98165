package trm4j.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import trm4j.model.ranks.RanksException;

/**
 * What the {@code mpi.h} of a library compiles into programs, as MPI leaves it open: what a handle is, and the values
 * of constants. Handles are kept as longs: addresses of symbols in Open MPI, numbers in MPICH.
 *
 * @param handle how a handle is passed and stored
 * @param ints the type of 4 bytes that all numbers are sent as, which leaves their bits alone
 * @param sourceOffset where a status has the rank that a message came from
 */
record Abi(
        boolean isOpenMpi, ValueLayout handle, long world, long bytes, long ints, long errorsReturn,
        MemorySegment inPlace, int anySource, int sourceOffset) {

    /** What layouts of handles are called. */
    static final String HANDLE = "handle";
    /** No library has a longer status, nor a longer version or error's text that is read here. */
    static final int STATUS_BYTES = 64;
    private static final int TEXT_BYTES = 8192;

    /**
     * Tells which library it is.
     *
     * @param version as it says itself
     * @throws RanksException if it is none whose constants are known
     */
    static Abi of(SymbolLookup library, String version) {
        if (library.find("ompi_mpi_comm_world").isPresent()) {
            return openMpi(library);
        }
        if (version.startsWith("MPICH") || version.contains("Intel(R) MPI") || version.contains("MVAPICH")
                || version.contains("CRAY MPICH")) {
            return mpich();
        }
        throw new RanksException("The MPI library is \"" + RanksException.shown(version)
                + "\", expected Open MPI 4 or later, or MPICH 3.2 or later; name another in " + LibraryFile.VARIABLE
                + ", and start with its mpirun.");
    }

    /** As 4.x and 5.x have it; 3.x too. */
    private static Abi openMpi(SymbolLookup library) {
        return new Abi(
                true, JAVA_LONG.withName(HANDLE), address(library, "ompi_mpi_comm_world"),
                address(library, "ompi_mpi_byte"), address(library, "ompi_mpi_int"),
                address(library, "ompi_mpi_errors_return"),
                MemorySegment.ofAddress(1), -1, 0);
    }

    /** As the initiative for a common binary interface of MPICH's kind has it, from MPICH 3.1 on. */
    private static Abi mpich() {
        return new Abi(
                false, JAVA_INT.withName(HANDLE), 0x44000000, 0x4c00010d, 0x4c000405, 0x54000001,
                MemorySegment.ofAddress(-1), -2, 8);
    }

    private static long address(SymbolLookup library, String name) {
        return library.find(name)
                .orElseThrow(() -> new RanksException(
                        "Open MPI's library has no " + name + ", expected that of 4 or later."))
                .address();
    }

    /** What a library says of itself, before it is started. */
    @SuppressWarnings("restricted")
    static String version(SymbolLookup library) {
        var function = library.find("MPI_Get_library_version").orElseThrow(() -> new RanksException(
                "The library that was loaded is not MPI's, expected a libmpi; name another in " + LibraryFile.VARIABLE
                        + "."));
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocate(TEXT_BYTES);
            int status = (int) Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
                    .invokeExact(text, arena.allocate(JAVA_INT));
            return status == 0 ? text(text) : "";
        } catch (Throwable e) {
            throw MpiLibrary.unexpected(e);
        }
    }

    /** The first line of a text that ends with a zero; a space for each tab. */
    static String text(MemorySegment text) {
        var bytes = text.toArray(JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0 && bytes[end] != '\n') {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.US_ASCII).replace('\t', ' ').strip();
    }
}
