package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads what Oclgrind found while a simulation ran: {@code SimulationLog LOG}, the simulation's error stream. Exit
 * status 1 says that there is something.
 */
public final class SimulationLog {

    /** Begins a line that says what is run next. */
    public static final String NEXT = "simulation: ";

    private static final Pattern FOUND = Pattern.compile(
            ".* data race at .*|Invalid (?:read|write) of .*|.*divergence detected.*|.*[Uu]ninitialized .*"
                    + "|OCLGRIND .*");
    private static final Pattern KERNEL = Pattern.compile("\\s+Kernel: (\\w+).*");
    private static final Pattern ADDRESS = Pattern.compile(" address 0x[0-9a-f]+");

    private SimulationLog() {}

    public static void main(String[] args) throws IOException {
        var findings = findings(Files.readAllLines(Path.of(args[0])));
        findings.forEach(System.out::println);
        if (!findings.isEmpty()) {
            System.exit(1);
        }
    }

    /** Returns what was found, a sentence each, and each once for what was run. */
    static List<String> findings(List<String> log) {
        var findings = new LinkedHashSet<String>();
        var running = "before anything ran";
        for (int i = 0; i < log.size(); i++) {
            var line = log.get(i);
            if (line.startsWith(NEXT)) {
                running = line.substring(NEXT.length());
            } else if (FOUND.matcher(line).matches()) {
                var kernel = i + 1 < log.size() ? KERNEL.matcher(log.get(i + 1)) : KERNEL.matcher("");
                findings.add(ADDRESS.matcher(line.strip()).replaceFirst("").replaceFirst(":$", "")
                        + (kernel.matches() ? ", kernel " + kernel.group(1) : "") + ", in " + running + ".");
            }
        }
        return new ArrayList<>(findings);
    }
}
