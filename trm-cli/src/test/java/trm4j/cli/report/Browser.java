package trm4j.cli.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Chromium without a window, where it is installed. */
public record Browser(Path program) {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int SECONDS = 60;

    /** What came of a page: its elements after its scripts ran, and what they complained of. */
    public record Visit(String elements, List<String> console) {}

    public static Optional<Browser> find() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Browser::new);
    }

    public Visit open(String address, Path scratch) throws IOException, InterruptedException {
        var elements = scratch.resolve("elements.html");
        var log = run(scratch, elements, "--dump-dom", address);
        return new Visit(
                Files.readString(elements), log.lines().filter(line -> line.contains(":CONSOLE")).toList());
    }

    void screenshot(String address, Path picture, int width, int height, Path scratch)
            throws IOException, InterruptedException {
        run(
                scratch, scratch.resolve("out"), "--screenshot=" + picture, "--window-size=" + width + "," + height,
                address);
    }

    private String run(Path scratch, Path out, String... arguments) throws IOException, InterruptedException {
        var log = scratch.resolve("browser.log");
        var command = new ArrayList<>(List.of(
                program.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + scratch.resolve("profile"), "--enable-logging=stderr",
                "--virtual-time-budget=3000"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(log.toFile()).start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no page after " + SECONDS + " s");
        }
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }
}
