package trm4j.gpucheck;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that are installed here. */
final class Tool {

    private static final int MOST_SECONDS = 300;

    private Tool() {}

    /** Returns the first of some programs that is on the PATH. */
    static Optional<String> find(String... names) {
        var folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
        return Stream.of(names)
                .filter(name -> Stream.of(folders).anyMatch(folder -> Files.isExecutable(Path.of(folder, name))))
                .findFirst();
    }

    /**
     * Runs a program in a folder, and returns what it prints.
     *
     * @throws IOException if it fails, or takes longer than five minutes
     */
    static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        var printed = Files.createTempFile(folder, "printed", ".txt");
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        var text = Files.readString(printed);
        Files.delete(printed);
        if (!ended || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + (ended
                    ? " failed with exit status " + process.exitValue() + ": " + text.strip()
                    : " took longer than " + MOST_SECONDS + " seconds."));
        }
        return text;
    }
}
