package trm4j.gpucheck;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Reads the error stream of a simulation, where it says what it runs, and Oclgrind what it finds. */
public final class SimulationLog {

    /** Begins a line about something that can be run: its name, and its kernels, with tabs between them. */
    public static final String PIECE = "simulation has: ";

    /** Begins a line that says what is run next. */
    public static final String NEXT = "simulation: ";

    /** Begins a line that says how many milliseconds of the processor that took. */
    public static final String DONE = "simulation took: ";

    /** Begins a line that says what was computed wrong. */
    public static final String WRONG = "simulation found: ";

    private static final Pattern FOUND = Pattern.compile(
            ".* data race at .*|Invalid (?:read|write) of .*|.*divergence detected.*|.*[Uu]ninitialized .*"
                    + "|OCLGRIND .*");
    private static final Pattern KERNEL = Pattern.compile("\\s+Kernel: (\\w+).*");
    private static final Pattern ADDRESS = Pattern.compile(" address 0x[0-9a-f]+");

    private SimulationLog() {}

    /**
     * What became of one thing that was run.
     *
     * @param seconds of the processor; none if it did not end
     * @param findings what was found, a sentence each, and each once
     */
    record Simulated(String name, OptionalDouble seconds, List<String> findings) {}

    /** Returns what became of all that was begun, in order. */
    static List<Simulated> read(List<String> log) {
        var all = new ArrayList<Simulated>();
        Optional<String> running = Optional.empty();
        var seconds = OptionalDouble.empty();
        var findings = new LinkedHashSet<String>();
        for (int i = 0; i < log.size(); i++) {
            var line = log.get(i);
            if (line.startsWith(NEXT)) {
                end(all, running, seconds, findings);
                running = Optional.of(line.substring(NEXT.length()));
                seconds = OptionalDouble.empty();
                findings.clear();
            } else if (line.startsWith(DONE)) {
                seconds = OptionalDouble.of(Long.parseLong(line.substring(DONE.length())) / 1e3);
            } else if (line.startsWith(WRONG)) {
                seconds = OptionalDouble.of(0);
                findings.add(line.substring(WRONG.length()));
            } else if (FOUND.matcher(line).matches()) {
                var kernel = i + 1 < log.size() ? KERNEL.matcher(log.get(i + 1)) : KERNEL.matcher("");
                findings.add(ADDRESS.matcher(line.strip()).replaceFirst("").replaceFirst(":$", "")
                        + (kernel.matches() ? ", kernel " + kernel.group(1) : ""));
            }
        }
        end(all, running, seconds, findings);
        return all;
    }

    private static void end(
            List<Simulated> all, Optional<String> running, OptionalDouble seconds, LinkedHashSet<String> findings) {
        if (running.isPresent() || !findings.isEmpty()) {
            all.add(new Simulated(running.orElse("the start"), seconds, List.copyOf(findings)));
        }
    }
}
