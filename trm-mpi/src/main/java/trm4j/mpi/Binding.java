package trm4j.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** How many of a machine's processors its ranks may use, on Linux. */
final class Binding {

    private static final String ALLOWED = "Cpus_allowed_list:";

    private Binding() {}

    /**
     * Returns a sentence where a launcher has bound ranks so that they leave processors alone.
     *
     * @param ranks how many there are on this machine
     */
    static Optional<String> remark(int ranks) {
        return ProcessHandle.current().parent()
                .flatMap(parent -> remark(ranks, processors("self"), processors(Long.toString(parent.pid()))));
    }

    /**
     * Returns the sentence.
     *
     * @param own processors that a rank may use
     * @param launchers processors that its launcher may use
     */
    static Optional<String> remark(int ranks, int own, int launchers) {
        return own == 0 || own * ranks >= launchers
                ? Optional.empty()
                : Optional.of("Each rank is bound to " + own + " of this machine's " + launchers
                + " processors; mpirun --map-by slot:PE=" + launchers / ranks + " gives them all to the ranks.");
    }

    /** How many processors a process may use; 0 if that is not known. */
    private static int processors(String process) {
        try (var lines = Files.lines(Path.of("/proc", process, "status"))) {
            return lines.filter(line -> line.startsWith(ALLOWED))
                    .flatMap(line -> Stream.of(line.substring(ALLOWED.length()).strip().split(",")))
                    .mapToInt(Binding::count)
                    .sum();
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** How many processors a range such as {@code 0-3} has, or a number. */
    private static int count(String range) {
        var ends = range.split("-");
        return ends.length == 1 ? 1 : Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
    }
}
