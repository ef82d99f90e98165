package trm4j.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of a machine's processors a rank may use, as far as Linux tells.
 *
 * @param own how many; 0 if that is not known
 * @param launchers how many its launcher may use, which has not bound the rank if that is as many; 0 if not known
 */
record Binding(int own, int launchers) {

    private static final String ALLOWED = "Cpus_allowed_list:";

    static Binding ofThisProcess() {
        return new Binding(
                processors("self"),
                ProcessHandle.current().parent().map(parent -> processors(Long.toString(parent.pid()))).orElse(0));
    }

    /**
     * Returns how many threads a rank should have: one for each processor, if they are its own, or else its share.
     *
     * @param ranks how many there are on this machine
     * @param available how many Java would have
     */
    int threads(int ranks, int available) {
        return own < launchers ? available : Math.max(1, available / ranks);
    }

    /**
     * Tells whether each rank has a processor to itself.
     *
     * @param ranks how many there are on this machine
     * @param available how many processors Java would have
     */
    boolean areEnough(int ranks, int available) {
        return own < launchers || available >= ranks;
    }

    /**
     * Returns a sentence where ranks are bound so that they leave processors alone.
     *
     * @param ranks how many there are on this machine
     */
    Optional<String> remark(int ranks) {
        return own == 0 || own * ranks >= launchers
                ? Optional.empty()
                : Optional.of("Each rank is bound to " + own + " of this machine's " + launchers
                + " processors; mpirun --map-by slot:PE=" + launchers / ranks + " gives them all to the ranks.");
    }

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
