package trm4j.gpucheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The newest clang that is installed. */
final class Clang {

    private static final int NEWEST = 22;
    private static final int OLDEST = 15;

    private Clang() {}

    static Optional<String> find() {
        var numbered = IntStream.iterate(NEWEST, version -> version >= OLDEST, version -> version - 1)
                .mapToObj(version -> "clang-" + version);
        return Tool.find(numbered.toArray(String[]::new)).or(() -> Tool.find("clang"));
    }

    /** A command that makes assembler of a kernel, with the functions of some libraries in it. */
    static ArrayList<String> command(
            String target, String standard, List<String> libraries, String source, String output) {
        var command = new ArrayList<>(List.of(
                find().orElseThrow(), "-target", target, "-x", "cl", "-cl-std=" + standard, "-O3", "-cl-mad-enable",
                "-w", "-S", source, "-o", output));
        for (var library : libraries) {
            command.addAll(List.of("-Xclang", "-mlink-builtin-bitcode", "-Xclang", library));
        }
        return command;
    }
}
