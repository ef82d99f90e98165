package trm4j.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The mpirun of one MPI or the other, which starts Java's processes together. Tests are skipped without it. */
public enum Mpirun {
    OPEN_MPI("openmpi", "Open MPI"),
    MPICH("mpich", "HYDRA");

    /** A job that does not end by then hangs. */
    private static final long PATIENCE_SECONDS = 60;

    private final String name;
    private final String said;

    Mpirun(String name, String said) {
        this.name = name;
        this.said = said;
    }

    /** Skips the test that calls this, if this mpirun is not installed. */
    public void assume() {
        assumeTrue(command().isPresent(), "needs the mpirun of " + name);
    }

    /** Under a name of its own, as on Debian, or as what mpirun is. */
    private Optional<String> command() {
        return Stream.of("mpirun." + name, "mpirun")
                .filter(each -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, each))))
                .filter(this::isIt)
                .findFirst();
    }

    private boolean isIt(String command) {
        try {
            var process = new ProcessBuilder(command, "--version").redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes()).contains(said);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the class path of the tests. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /**
     * Starts ranks that run a class, in a Java that starts fast.
     *
     * @param folder for what they print; made if it is not there
     * @param environment variables, beside those that the launcher sets
     * @param words what follows Java's options: further ones, a class, its arguments
     */
    public Job start(Path folder, int ranks, Map<String, String> environment, String... words) throws IOException {
        var java = Path.of(System.getProperty("java.home"));
        var line = new ArrayList<>(List.of(
                command().orElseThrow(), "-n", Integer.toString(ranks), java.resolve("bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote",
                "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                "-XX:ActiveProcessorCount=1", "-cp", classPath()));
        line.addAll(List.of(words));
        Files.createDirectories(folder);
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        var builder = new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of(
                // As scripts/trm sets them.
                "LD_PRELOAD", java.resolve("lib/libjsig.so").toString(), "UCX_ERROR_SIGNALS", "",
                "HWLOC_COMPONENTS", "-opencl",
                // As root, in a container of few processors.
                "OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1",
                "OMPI_MCA_rmaps_base_oversubscribe", "1", "OMPI_MCA_hwloc_base_binding_policy", "none"));
        builder.environment().putAll(environment);
        return new Job(builder.start(), out, err);
    }

    /** Processes that run together. */
    public record Job(Process launcher, Path out, Path err) {

        /** Waits until all have ended, and returns the launcher's exit status. */
        public int status() throws InterruptedException, IOException {
            boolean ended = launcher.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                launcher.descendants().forEach(ProcessHandle::destroyForcibly);
                launcher.destroyForcibly();
            }
            assertTrue(ended, () -> "does not end: " + said());
            return launcher.exitValue();
        }

        /** Returns what they have printed. */
        public String said() {
            try {
                return Files.readString(out) + Files.readString(err);
            } catch (IOException e) {
                return e.toString();
            }
        }
    }
}
