package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;

/** Interpreted and compiled code must give the same bits: a run changes from one to the other as it warms up. */
class CompilersTest {

    private static final int RUNS = 20;
    /** Lets the compilers have their turn in so few runs. */
    private static final String SOON = "-XX:CompileThresholdScaling=0.1";

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void interpreterAndCompilersGiveTheSameBits() throws IOException, InterruptedException {
        var small = Cases.small().toList();
        var names = Stream.concat(small.stream(), Cases.rounded(small.stream()))
                .map(OperationCase::toString).toList();
        var interpreter = start(names, 1, "-Xint");
        var first = start(names, RUNS, SOON, "-XX:TieredStopAtLevel=1");
        var second = start(names, RUNS, SOON, "-XX:-TieredCompilation", "-Xbatch");
        var interpreted = digests(interpreter);
        assertEquals(names.size(), interpreted.size());
        assertEquals(interpreted, digests(first));
        assertEquals(interpreted, digests(second));
    }

    private static Process start(List<String> names, int runs, String... options) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                Digests.class.getName(), String.valueOf(runs)));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var input = process.outputWriter()) {
            input.write(String.join("\n", names));
        }
        return process;
    }

    private static List<String> digests(Process process) throws IOException, InterruptedException {
        try (var output = process.inputReader()) {
            var digests = output.lines().toList();
            assertEquals(0, process.waitFor());
            return digests;
        }
    }

    /** Prints what some cases give: those whose names it reads. */
    static final class Digests {

        private Digests() {}

        /** @param arguments how often each case is to be run: the last time counts */
        public static void main(String[] arguments) {
            int runs = Integer.parseInt(arguments[0]);
            var names = new BufferedReader(new InputStreamReader(System.in)).lines().collect(Collectors.toSet());
            // By their names alone: to make large ones takes long where everything is interpreted.
            var small = Cases.all().filter(operation -> names.contains(operation.toString())).toList();
            Stream.concat(small.stream(), Cases.rounded(small.stream())).forEach(operation -> {
                try (var runner = new OperationRunner(new CpuDevice(1), operation.setup())) {
                    for (int i = 1; i < runs; i++) {
                        runner.run();
                    }
                    System.out.println(operation + " " + runner.run().digest());
                }
            });
        }
    }
}
