package trm4j.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import trm4j.model.ranks.RanksException;

/** Where MPI's library is looked for: where the user says, where the system looks, beside what started this process. */
final class LibraryFile {

    /** Names the file. */
    static final String VARIABLE = "TRM_MPI";

    private static final List<String> OPEN_MPI = List.of("libmpi.so.40", "libmpi.40.dylib");
    /** MPICH's own name, and Debian's; what is made of MPICH has the first. */
    private static final List<String> MPICH = List.of("libmpi.so.12", "libmpich.so.12", "libmpi.12.dylib");

    private LibraryFile() {}

    /**
     * Loads the library, for as long as the JVM runs.
     *
     * @param environment returns a variable, or null
     * @throws RanksException if it is not there
     */
    static SymbolLookup load(Launch launch, UnaryOperator<String> environment) {
        var named = Optional.ofNullable(environment.apply(VARIABLE)).filter(name -> !name.isEmpty());
        if (named.isPresent()) {
            return open(named.get()).orElseThrow(() -> new RanksException(
                    "MPI could not be loaded from " + named.get() + ", which " + VARIABLE + " names; expected the"
                            + " libmpi of " + launch.starter() + ", which started " + launch.size() + " ranks."));
        }
        var names = launch.ofOpenMpi() ? OPEN_MPI : Stream.concat(MPICH.stream(), OPEN_MPI.stream()).toList();
        return Stream.concat(names.stream(), besideStarter(names))
                .map(LibraryFile::open)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new RanksException(launch.starter() + " started " + launch.size()
                        + " ranks, but its library was not found, expected " + String.join(", ", names)
                        + " where the system looks for libraries; name the file in " + VARIABLE + "."));
    }

    /** Where it is installed in a folder of its own: what started this process is in its {@code bin}. */
    private static Stream<String> besideStarter(List<String> names) {
        return ProcessHandle.current().parent()
                .flatMap(parent -> parent.info().command())
                .map(command -> Path.of(command).toAbsolutePath().getParent())
                .map(Path::getParent)
                .stream()
                .flatMap(prefix -> Stream.of("lib", "lib64").map(prefix::resolve))
                .flatMap(folder -> names.stream().map(folder::resolve))
                .filter(Files::exists)
                .map(Path::toString);
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> open(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
