package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/trm}: what it has Java do, in a bundle whose Java only tells its arguments. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final Path LAUNCHER = Path.of("..", "scripts", "trm");
    private static final String FOR_MODELS = "-XX:+UseParallelGC";

    @TempDir
    private Path dir;

    private Path bundle;
    private Path sdk;
    private String classes = "";

    @BeforeEach
    void makeBundle() throws IOException {
        bundle = dir.resolve("bundle");
        Files.createDirectories(bundle.resolve("scripts"));
        Files.copy(LAUNCHER, bundle.resolve("scripts/trm"));
        var java = bundle.resolve("runtime/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertTrue(java.toFile().setExecutable(true));
        sdk = dir.resolve("an sdk");
        Files.createDirectories(sdk);
        Files.writeString(
                sdk.resolve("tornado-argfile.template"),
                "# JVM mode and memory options\n-server\n\n--module-path .:${TORNADOVM_HOME}/share/java/tornado\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "devices",
        "--verbose devices",
        "train c.yaml --device tornado",
        "train c.yaml --device=opencl:0 --steps 3",
        "--verbose eval run --device auto",
        "bench --device cpu,opencl",
        "bench --device=cpu,tornado:1",
        "bench --device cpu --device opencl",
        "bench --device=cpu --device=cuda",
        "solve run --device cpu:1 123",
        "train @arguments"
    })
    void addsTheOptionsOfTornadoVmWhereItsDevicesMayBeAskedFor(String line) throws Exception {
        var java = java(sdk, line.split(" "));
        assertEquals(
                List.of("-server", "--module-path", sdk + "/share/java/tornado"),
                java.subList(0, 3), java.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--version",
        "train c.yaml",
        "train c.yaml --device cpu",
        "train c.yaml --device=cpu",
        "bench --device cpu,cpu",
        "bench --device cpu --device=cpu",
        "train c.yaml --device",
        "train c.yaml --devices tornado",
        "train c.yaml --set=--device=tornado",
        "solve run -- --device tornado",
        "solve run devices",
        "report devices --device cpu"
    })
    void leavesJavaAloneWhereOnlyTheCpuIsAskedFor(String line) throws Exception {
        var java = java(sdk, line.split(" "));
        assertFalse(java.contains("-server"), java.toString());
    }

    @Test
    void handsAllArgumentsOnAsTheyAre() throws Exception {
        var arguments = new String[] {"solve", "a run", "--device", "cpu", "--", "1 . 3", "", "$HOME*"};
        var java = java(null, arguments);
        assertEquals(List.of(arguments), java.subList(java.indexOf("trm4j.cli.Main") + 1, java.size()));
    }

    @Test
    void setsTheHeapForCommandsThatRunAModel() throws Exception {
        assertAll(
                () -> assertTrue(java(null, "train", "c.yaml").contains(FOR_MODELS)),
                () -> assertTrue(java(null, "--verbose", "solve", "run").contains(FOR_MODELS)),
                () -> assertFalse(java(null, "data", "train").contains(FOR_MODELS)),
                () -> assertFalse(java(null).contains(FOR_MODELS)));
    }

    @Test
    void putsClassesOfTheUsersOwnBehindTrms() throws Exception {
        var family = Files.createDirectory(dir.resolve("a family"));
        var trm = bundle + "/app/*";
        assertEquals(trm, classPath(java(null, "devices")));
        classes = family + ":" + family + "/*";
        assertEquals(trm + ":" + classes, classPath(java(null, "devices")));
        classes = family + ":no.jar";
        assertEquals(List.of("trm: TRM_CLASSPATH names no.jar, which is not there; expected jars or folders with colons "
                + "between them."), java(null, "devices"));
    }

    private static String classPath(List<String> java) {
        return java.get(java.indexOf("-cp") + 1);
    }

    @Test
    void refusesAnSdkThatIsNone() throws Exception {
        var missing = dir.resolve("elsewhere");
        var printed = java(missing, "devices");
        assertEquals(1, printed.size(), printed.toString());
        assertTrue(printed.getFirst().startsWith("trm: expected a TornadoVM SDK"), printed.toString());
        assertTrue(printed.getFirst().contains("TORNADOVM_HOME=" + missing), printed.toString());
    }

    /** What the launcher printed, a line each: the arguments of Java if it came to that. */
    private List<String> java(Path tornadoVm, String... arguments) throws Exception {
        var words = new ArrayList<>(List.of("bash", bundle.resolve("scripts/trm").toString()));
        words.addAll(Arrays.asList(arguments));
        var process = new ProcessBuilder(words).redirectErrorStream(true);
        process.environment().keySet().removeAll(List.of("TORNADOVM_HOME", "TRM_JAVA_OPTS"));
        process.environment().put("TRM_CLASSPATH", classes);
        if (tornadoVm != null) {
            process.environment().put("TORNADOVM_HOME", tornadoVm.toString());
        }
        var started = process.start();
        started.getOutputStream().close();
        var printed = new String(started.getInputStream().readAllBytes());
        started.waitFor();
        return printed.isEmpty() ? List.of() : List.of(printed.substring(0, printed.length() - 1).split("\n", -1));
    }
}
