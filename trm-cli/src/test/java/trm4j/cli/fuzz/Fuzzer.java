package trm4j.cli.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What Jazzer calls with its inputs; {@code scripts/fuzz} starts it. */
public final class Fuzzer {

    private static Target target;
    private static Guard guard;

    private Fuzzer() {}

    /** Lists the targets, or makes the first inputs of one and the dictionary of all in a folder. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            Arrays.stream(Target.values()).map(Target::key).forEach(System.out::println);
            return;
        }
        var folder = Path.of(args[1]);
        var seeds = named(args[0]).seeds(Seeds.make(Files.createTempDirectory("seeds")));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
        Files.writeString(folder.resolveSibling("dictionary"), Mutations.TOKENS.stream()
                .map(Fuzzer::quoted).collect(Collectors.joining("\n", "", "\n")));
    }

    private static Target named(String key) {
        return Arrays.stream(Target.values()).filter(t -> t.key().equals(key)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("Expected one of " + Arrays.stream(Target.values()).map(Target::key)
                        .collect(Collectors.joining(", ")) + ", found " + key));
    }

    /** As libFuzzer's dictionaries have it. */
    private static String quoted(String token) {
        var quoted = new StringBuilder("\"");
        for (byte b : token.getBytes(StandardCharsets.ISO_8859_1)) {
            quoted.append(String.format("\\x%02x", b));
        }
        return quoted.append('"').toString();
    }

    /** Jazzer calls this once. */
    public static void fuzzerInitialize(String[] args) throws IOException {
        target = named(args[0]);
        var folder = Files.createTempDirectory("fuzz");
        guard = new Guard(
                folder.resolve("work"), Seeds.make(Files.createDirectory(folder.resolve("seeds"))),
                ReadersTest.MEMORY_PER_BYTE, ReadersTest.MEMORY);
    }

    /** Jazzer calls this with each input. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        try {
            guard.check(target, input);
        } catch (AssertionError e) {
            // Classes that are loaded and instrumented take memory, but only once.
            guard.check(target, input);
        }
    }
}
