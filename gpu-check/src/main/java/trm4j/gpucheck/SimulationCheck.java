package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.gpucheck.SimulationLog.Simulated;

/**
 * Has a simulator run kernels for GPUs, some in a process, a process on each processor, and prints what came of it:
 * {@code SimulationCheck FOLDER all|sample COMMAND...}, where the command starts a simulation. Exit status 1 says that
 * there was something wrong.
 */
public final class SimulationCheck {

    /** What one process runs: as much as takes longer than starting it. */
    private static final int OF_A_PROCESS = 6;

    private final Path folder;
    private final List<String> command;
    private final List<Piece> pieces;
    private final List<String> failures = new ArrayList<>();

    /**
     * Something to run.
     *
     * @param kernels its kernels, each with what is compiled into it
     */
    private record Piece(int number, String name, List<String> kernels) {}

    SimulationCheck(Path folder, String how, List<String> command) throws IOException, InterruptedException {
        this.folder = folder;
        this.command = Stream.concat(command.stream(), Stream.of(how)).toList();
        var listed = run("list", List.of()).printed.stream()
                .filter(line -> line.startsWith(SimulationLog.PIECE))
                .toList();
        pieces = IntStream.range(0, listed.size()).mapToObj(i -> piece(i, listed.get(i))).toList();
        if (pieces.isEmpty()) {
            failures.add("The simulation does not start: " + last("list"));
        }
    }

    private static Piece piece(int number, String line) {
        var words = List.of(line.substring(SimulationLog.PIECE.length()).split("\t"));
        return new Piece(number, words.getFirst(), words.subList(1, words.size()));
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var check = new SimulationCheck(Path.of(args[0]), args[1], Arrays.asList(args).subList(2, args.length));
        check.table().forEach(System.out::println);
        check.failures().forEach(System.out::println);
        if (!check.failures().isEmpty()) {
            System.exit(1);
        }
    }

    /** Returns what is wrong, a sentence each, after {@link #table}. */
    List<String> failures() {
        return failures;
    }

    /** Runs all, and returns a table of its kernels, a line each. */
    List<String> table() throws InterruptedException {
        var simulated = new ArrayList<Simulated>();
        int processes = Math.ceilDiv(pieces.size(), OF_A_PROCESS);
        try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var running = new ArrayList<Future<List<Simulated>>>();
            for (int p = processes - 1; p >= 0; p--) {
                int first = p;
                var share = pieces.stream().filter(piece -> piece.number % processes == first).toList();
                running.add(pool.submit(() -> run(share)));
            }
            for (var process : running) {
                try {
                    simulated.addAll(process.get());
                } catch (ExecutionException e) {
                    failures.add("A simulation cannot be run: " + e.getCause().getMessage());
                }
            }
        }
        simulated.forEach(this::judge);
        return lines(simulated);
    }

    private void judge(Simulated simulated) {
        simulated.findings().forEach(finding -> failures.add(finding + ", in " + simulated.name() + "."));
        if (simulated.seconds().isEmpty()) {
            failures.add("The simulation ended, or its time was over, in " + simulated.name() + ".");
        }
    }

    private List<Simulated> run(List<Piece> some) throws IOException, InterruptedException {
        var name = "pieces" + some.getFirst().number;
        var ran = run(name, some.stream().map(piece -> "" + piece.number).toList());
        var simulated = new ArrayList<>(SimulationLog.read(ran.told));
        // What a process that ended early did not come to, another one runs.
        var names = simulated.stream().map(Simulated::name).collect(Collectors.toSet());
        var left = some.stream().filter(piece -> !names.contains(piece.name)).toList();
        if (!left.isEmpty() && left.size() < some.size()) {
            simulated.addAll(run(left));
        } else if (!left.isEmpty()) {
            throw new IOException(last(name));
        }
        return simulated;
    }

    private List<String> lines(List<Simulated> simulated) {
        var lines = new ArrayList<String>();
        lines.add("Of each kernel: how many different ones there are, by what is compiled in, and what ran them.");
        lines.add("");
        lines.add("| kernel | different | simulated in |");
        lines.add("|---|---|---|");
        var byKernel = new TreeMap<String, List<Piece>>();
        for (var piece : pieces) {
            piece.kernels.stream().map(SimulationCheck::kernel).distinct().forEach(
                    kernel -> byKernel.computeIfAbsent(kernel, _ -> new ArrayList<>()).add(piece));
        }
        byKernel.forEach((kernel, in) -> {
            long different = in.stream()
                    .flatMap(piece -> piece.kernels.stream())
                    .filter(each -> kernel(each).equals(kernel))
                    .distinct()
                    .count();
            lines.add("| " + kernel + " | " + different + " | " + in.size() + " |");
        });
        lines.add("");
        double seconds = simulated.stream().mapToDouble(s -> s.seconds().orElse(0)).sum();
        lines.add("%,d things ran, %,.0f s of a processor.".formatted(simulated.size(), seconds));
        return lines;
    }

    private static String kernel(String withScalars) {
        return withScalars.substring(0, withScalars.lastIndexOf(" ["));
    }

    private record Ran(List<String> printed, List<String> told) {}

    private Ran run(String name, List<String> arguments) throws IOException, InterruptedException {
        new ProcessBuilder(Stream.concat(command.stream(), arguments.stream()).toList())
                .redirectOutput(printed(name).toFile())
                .redirectError(told(name).toFile())
                .start()
                .waitFor();
        return new Ran(Files.readAllLines(printed(name)), Files.readAllLines(told(name)));
    }

    private Path printed(String name) {
        return folder.resolve(name + ".out");
    }

    private Path told(String name) {
        return folder.resolve(name + ".log");
    }

    /** Returns the last that was said, but for the lines of a stack trace. */
    private String last(String name) throws IOException {
        try (var lines = Files.lines(told(name))) {
            return lines.filter(line -> !line.startsWith("\t")).reduce((_, last) -> last).orElse("it says nothing.");
        }
    }
}
