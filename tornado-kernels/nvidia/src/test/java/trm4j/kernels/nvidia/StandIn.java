package trm4j.kernels.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A library of our own in place of cuBLAS and the driver, compiled when a test begins. It computes on the host,
 * refuses wrong arguments, and writes down what it was asked.
 */
final class StandIn {

    private static final Optional<StandIn> ONLY = compiled();

    private final SymbolLookup library;
    private final MethodHandle reset;
    private final MethodHandle asked;
    private final MethodHandle complaint;
    private final MethodHandle live;

    @SuppressWarnings("restricted")
    private StandIn(Path file) {
        library = SymbolLookup.libraryLookup(file, Arena.global());
        reset = function("standin_reset", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT));
        asked = function("standin_asked", FunctionDescriptor.of(ADDRESS));
        complaint = function("standin_complaint", FunctionDescriptor.of(ADDRESS));
        live = function("standin_live", FunctionDescriptor.of(JAVA_INT));
    }

    @SuppressWarnings("restricted")
    private MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    /** Nothing where there is no C compiler. */
    private static Optional<StandIn> compiled() {
        try {
            var folder = Files.createTempDirectory("standin");
            var source = Path.of("src/test/resources/standin.c").toAbsolutePath();
            var file = folder.resolve("libstandin.so");
            int status = new ProcessBuilder(
                    "cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", file.toString(), source.toString())
                    .inheritIO().start().waitFor();
            if (status != 0) {
                throw new IllegalStateException("cc ended with " + status);
            }
            var standIn = new StandIn(file);
            Files.delete(file);
            Files.delete(folder);
            return Optional.of(standIn);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean exists() {
        return ONLY.isPresent();
    }

    /** The library as new, of a version, which returns a status where all is well. */
    static StandIn of(int major, int status) {
        var standIn = ONLY.orElseThrow();
        standIn.reset(major, status);
        return standIn;
    }

    private void reset(int major, int status) {
        try {
            reset.invokeExact(major, status);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    SymbolLookup library() {
        return library;
    }

    Cublas cublas() {
        return new Cublas(library, library);
    }

    /** What it was asked since it was new, a line each. */
    List<String> asked() {
        return text(asked).lines().toList();
    }

    /** Why it refused something. */
    String complaint() {
        return text(complaint);
    }

    /** Handles that were made and not destroyed. */
    int liveHandles() {
        try {
            return (int) live.invoke();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static String text(MethodHandle function) {
        try {
            return ((MemorySegment) function.invoke()).reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
