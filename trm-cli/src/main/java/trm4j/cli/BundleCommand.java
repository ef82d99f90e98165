package trm4j.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.spi.ToolProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.train.RunException;
import trm4j.train.data.Folders;

/** {@code trm bundle}. */
@Command(
        name = "bundle",
        description =
                "Makes a folder that runs on another machine of this kind with nothing installed but a GPU's driver: "
                + "a Java runtime, trm, its configurations and models, and what it needs of the TornadoVM SDK in "
                + "TORNADOVM_HOME, if that is set.")
final class BundleCommand implements Callable<Integer> {

    @Parameters(paramLabel = "OUT", description = "New folder to make.")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var sdk = Optional.ofNullable(System.getenv("TORNADOVM_HOME"));
        var jlink = ToolProvider.findFirst("jlink").orElseThrow(() -> new RunException(
                "Expected jlink in the JDK that runs this, found none; install a whole JDK 25."));
        long bytes = new Bundle(checkout(), sdk.map(Path::of), (modules, to) -> link(jlink, modules, to)).write(out);
        var print = spec.commandLine().getOut();
        print.println(out + ": " + (bytes >> 20) + " MiB, "
                + sdk.map(path -> "with TornadoVM from " + path)
                        .orElse("cpu only, since TORNADOVM_HOME is not set"));
        print.println("Run it with " + out.resolve("scripts/trm") + "; pack it with tar czf.");
        print.flush();
        return 0;
    }

    private static Path checkout() {
        var home = System.getProperty("trm.home");
        if (home == null || !Files.isDirectory(Path.of(home, "trm-cli", "target", "lib"))) {
            throw new RunException(
                    "A bundle is made from a checkout that was built, expected scripts/trm in one to be what runs.");
        }
        return Path.of(home);
    }

    private void link(ToolProvider jlink, Set<String> modules, Path to) {
        var said = new StringWriter();
        // With an archive of the JDK's classes, each start takes less time than it does to read them anew.
        int status = jlink.run(
                new PrintWriter(said), spec.commandLine().getErr(), "--add-modules", String.join(",", modules),
                "--strip-java-debug-attributes", "--no-header-files", "--no-man-pages", "--compress", "zip-9",
                "--generate-cds-archive", "--output", to.toString());
        if (status != 0) {
            spec.commandLine().getErr().print(said);
            throw new RunException("jlink could not make a Java runtime for " + out + "; what it said stands above.");
        }
        try {
            archiveClasses(to.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the archive of classes that a bundle's launcher has Java start with; without one, it starts slower. */
    private static void archiveClasses(Path bundle) throws IOException {
        var aside = Files.createTempDirectory("trm-rehearsal");
        try {
            var folder = Files.createDirectory(aside.resolve("folder"));
            var process = new ProcessBuilder(
                    "bash", bundle.resolve("scripts/trm").toString(), "solve", folder.toString())
                    .directory(aside.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            process.environment().putAll(Map.of(
                    "TRM_MAIN", Rehearsal.class.getName(), "TRM_JAVA_OPTS", "-XX:ArchiveClassesAtExit=made",
                    "TRM_CLASSPATH", ""));
            int status = process.start().waitFor();
            var made = aside.resolve("made");
            if (status == 0 && Files.exists(made)) {
                Files.copy(made, bundle.resolve("app/classes.jsa"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            Folders.delete(aside);
        }
    }
}
