package trm4j.kernels.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.kernels.DeviceException;

/** Where cuBLAS is looked for: where the user says, where the system looks, and where CUDA's toolkit puts it. */
final class LibraryFile {

    /** Names the file: a system property, or else a variable of the environment. */
    static final String PROPERTY = "trm.cublas";
    static final String VARIABLE = "TRM_CUBLAS";

    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
    /** Newest first; before 11, its functions take other arguments. */
    private static final List<String> NAMES = WINDOWS
            ? List.of("cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll")
            : List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "libcublas.so");

    private LibraryFile() {}

    /**
     * Loads the library, for as long as the JVM runs.
     *
     * @param environment asked for variables by their names
     * @throws DeviceException if it is not there
     */
    static SymbolLookup load(Function<String, String> environment) {
        var named = Optional.ofNullable(System.getProperty(PROPERTY))
                .or(() -> Optional.ofNullable(environment.apply(VARIABLE)))
                .filter(name -> !name.isEmpty());
        if (named.isPresent()) {
            return open(named.get()).orElseThrow(() -> new DeviceException(
                    "NVIDIA's cuBLAS could not be loaded from " + named.get() + ", which " + VARIABLE + " or -D"
                            + PROPERTY + " names; expected a " + NAMES.getFirst() + " with what it needs beside it."));
        }
        return places(environment).map(LibraryFile::open).flatMap(Optional::stream).findFirst().orElseThrow(
                () -> new DeviceException("NVIDIA's cuBLAS was not found, expected " + String.join(", ", NAMES)
                        + " where the system looks for libraries or below CUDA_HOME; install CUDA's toolkit, or name"
                        + " the file in " + VARIABLE + "."));
    }

    private static Stream<String> places(Function<String, String> environment) {
        var folders = Stream.of("CUDA_HOME", "CUDA_PATH")
                .map(environment)
                .filter(home -> home != null && !home.isEmpty())
                .map(home -> Path.of(home, WINDOWS ? "bin" : "lib64"));
        var all = Stream.concat(folders, WINDOWS ? Stream.of() : Stream.of(Path.of("/usr/local/cuda/lib64")));
        return Stream.concat(
                NAMES.stream(), all.flatMap(folder -> NAMES.stream().map(folder::resolve)).filter(Files::exists).map(
                        Path::toString));
    }

    /** A library by its name, or by its path; nothing if there is none. */
    @SuppressWarnings("restricted")
    static Optional<SymbolLookup> open(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
