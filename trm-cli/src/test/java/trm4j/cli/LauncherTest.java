package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/trm}: what it has Java do, in a bundle whose Java only tells its arguments. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final Path LAUNCHER = Path.of("..", "scripts", "trm");
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String BRIEF = "-XX:TieredStopAtLevel=1";
    private static final String FOR_MODELS = "-XX:+UseParallelGC";
    /** What the launcher goes by, or adds to, which whoever runs the tests may have set. */
    private static final Pattern SET_BY_CALLERS = Pattern.compile(
            "TORNADOVM_HOME|LD_PRELOAD|(TRM|UCX|HWLOC|OMPI|PMI|PMIX|MPI|SLURM)_.*");

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
    void hasC2CompileKernelsInThePlaceOfWhatTheyDoWithout() throws Exception {
        var fallback = "-XX:CompileCommand=MaxNodeLimit,jdk.incubator.vector.*::bOp,1";
        var java = java(null, "train", "c.yaml");
        assertTrue(java.contains("-XX:CompileCommand=quiet"), java.toString());
        assertTrue(java.indexOf("-XX:CompileCommand=quiet") < java.indexOf(fallback), java.toString());
        assertFalse(java(null, "data", "train").contains(fallback));
    }

    /** Java warns of the Vector API whenever it starts with it. */
    @Test
    void startsTheVectorApiWhereSomethingIsComputed() throws Exception {
        for (var line : List.of("train c.yaml", "devices", "eval run --data d", "solve run -- --help")) {
            assertTrue(java(null, line.split(" ")).contains(VECTORS), line);
        }
        for (var line : List.of("--version", "help train", "train --help", "data maze --out d", "completion")) {
            assertFalse(java(null, line.split(" ")).contains(VECTORS), line);
        }
        assertFalse(java(null).contains(VECTORS));
    }

    @Test
    void compilesLittleWhereItIsOverAtOnce() throws Exception {
        for (var line : List.of("--version", "help train", "train --help", "config c.yaml", "completion")) {
            assertTrue(java(null, line.split(" ")).contains(BRIEF), line);
        }
        for (var line : List.of("train c.yaml", "data arc --out d", "bundle b", "solve run -- --help")) {
            assertFalse(java(null, line.split(" ")).contains(BRIEF), line);
        }
    }

    @Test
    void tellsHowItWasCalled() throws Exception {
        var launcher = bundle.resolve("scripts/trm");
        assertTrue(java(null, "help").contains("-Dtrm.command=" + launcher));
        var path = Files.createDirectories(dir.resolve("bin"));
        Files.createSymbolicLink(path.resolve("trm"), launcher);
        var found = printed(List.of("bash", "-c", "PATH=" + path + ":$PATH; trm help"), Map.of());
        assertTrue(found.contains("-Dtrm.command=trm"), found.toString());
    }

    /** In it, Java would neither find nor print "ö". */
    @Test
    void leavesALocaleOfAsciiAlone() throws Exception {
        Files.writeString(bundle.resolve("runtime/bin/java"), "#!/bin/sh\nlocale charmap\n");
        var ascii = printed(List.of("bash", bundle.resolve("scripts/trm").toString(), "help"), Map.of("LC_ALL", "C"));
        assumeTrue(printed(List.of("locale", "-a"), Map.of()).stream().anyMatch("C.utf8"::equals), "needs C.UTF-8");
        assertEquals(List.of("UTF-8"), ascii);
    }

    /** An SDK with two backends, and a Java that starts TornadoVM unless it is given one that is to fail. */
    private Path makeSdk(String template, String failing) throws IOException {
        var jars = Files.createDirectories(sdk.resolve("share/java/tornado"));
        for (var jar : List.of("tornado-runtime-5.jar", "tornado-drivers-cuda-5.jar", "tornado-drivers-opencl-5.jar")) {
            Files.createFile(jars.resolve(jar));
        }
        Files.writeString(sdk.resolve("tornado-argfile.template"), template);
        Files.writeString(bundle.resolve("runtime/bin/java"), """
                #!/bin/sh
                case $* in
                  *StartCheck*%s*|*%s*StartCheck*) echo starting; echo No platforms found; exit 1 ;;
                  *StartCheck*) exit ;;
                esac
                printf '%%s\n' "$@"
                """.formatted(failing, failing));
        return jars;
    }

    private static final String TWO_BACKENDS = """
            --module-path .:${TORNADOVM_HOME}/share/java/tornado
            --add-modules ALL-SYSTEM,tornado.runtime,tornado.drivers.opencl,tornado.drivers.cuda,tornado.cublas
            --add-exports=a/b=tornado.drivers.opencl
            --add-exports=a/b=tornado.drivers.cuda
            --add-reads=tornado.drivers.cuda=a
            """;

    /** TornadoVM starts with all of its backends or not at all. */
    @Test
    void leavesOutABackendWhoseDriverIsMissing() throws Exception {
        var jars = makeSdk(TWO_BACKENDS, "nothing");
        Files.createDirectories(sdk.resolve("lib"));
        Files.createFile(sdk.resolve("lib/libtornado-cuda.so"));
        Files.createFile(sdk.resolve("lib/libtornado-opencl.so"));
        var tools = Files.createDirectories(dir.resolve("tools"));
        Files.writeString(tools.resolve("ldd"), """
                #!/bin/sh
                case $1 in *cuda*) echo "	libcuda.so.1 => not found" ;; esac
                echo "	libc.so.6 => /lib/libc.so.6 (0x00007f)"
                """);
        assertTrue(tools.resolve("ldd").toFile().setExecutable(true));
        var printed = printed(
                List.of("bash", bundle.resolve("scripts/trm").toString(), "devices"),
                Map.of("TORNADOVM_HOME", sdk.toString(), "PATH", tools + ":" + System.getenv("PATH")));
        assertEquals(List.of(
                "trm: TornadoVM's backend cuda is left out: its driver's libcuda.so.1 was not found; install the driver.",
                "--module-path", jars + "/tornado-drivers-opencl-5.jar:" + jars + "/tornado-runtime-5.jar",
                "--add-modules", "ALL-SYSTEM,tornado.runtime,tornado.drivers.opencl",
                "--add-exports=a/b=tornado.drivers.opencl"), printed.subList(0, 6), printed.toString());
        assertFalse(printed.stream().skip(1).anyMatch(word -> word.contains("cuda")), printed.toString());
    }

    /** As where OpenCL's loader is installed, but no driver. */
    @ParameterizedTest
    @ValueSource(strings = {"devices", "train c.yaml --device tornado", "bench --device opencl,cuda", "train @more"})
    void leavesOutABackendThatDoesNotStart(String line) throws Exception {
        var jars = makeSdk(TWO_BACKENDS, "tornado.drivers.opencl");
        var printed = java(sdk, line.split(" "));
        assertEquals(List.of(
                "trm: TornadoVM's backend opencl is left out: it does not start (No platforms found).",
                "--module-path", jars + "/tornado-drivers-cuda-5.jar:" + jars + "/tornado-runtime-5.jar",
                "--add-modules", "ALL-SYSTEM,tornado.runtime,tornado.drivers.cuda,tornado.cublas",
                "--add-exports=a/b=tornado.drivers.cuda", "--add-reads=tornado.drivers.cuda=a"),
                printed.subList(0, 7), printed.toString());
    }

    @Test
    void whereNoBackendStartsTornadoVmHasThemAll() throws Exception {
        makeSdk(TWO_BACKENDS, "tornado.drivers");
        var printed = java(sdk, "devices");
        assertEquals(List.of(
                "trm: TornadoVM's backend cuda does not start (No platforms found).",
                "trm: TornadoVM's backend opencl does not start (No platforms found).",
                "--module-path"), printed.subList(0, 3));
        assertTrue(printed.contains("--add-exports=a/b=tornado.drivers.cuda"), printed.toString());
        assertTrue(printed.contains("--add-exports=a/b=tornado.drivers.opencl"), printed.toString());
    }

    /** So that no other is waited for, or fails. */
    @ParameterizedTest
    @CsvSource({"cuda, opencl", "cuda:1, opencl", "'cpu,opencl:0', cuda", "spirv, cuda"})
    void startsOnlyBackendsThatAreAskedFor(String devices, String other) throws Exception {
        makeSdk(TWO_BACKENDS.replace(",tornado.cublas", ""), "tornado.drivers." + other);
        var printed = java(sdk, "bench", "--device", devices);
        assertEquals("--module-path", printed.getFirst());
        assertFalse(printed.stream().anyMatch(word -> word.contains(other)), printed.toString());
    }

    /** As TornadoVM's own launcher has it from 6.0 on: folders in a row, options in two words, classes of JDK 21. */
    @Test
    void takesTheOptionsOfTornadoVm6() throws Exception {
        var jars = makeSdk("""
                # Generated
                -server
                -XX:+EnableJVMCI
                --module-path .:${TORNADOVM_HOME}/share/java/tornado:${TORNADOVM_HOME}/share/java/graalJars
                --add-modules jdk.jfr,tornado.graal,tornado.runtime,tornado.drivers.opencl,tornado.drivers.cuda
                --add-exports a/b=tornado.drivers.opencl
                --add-opens a/b=tornado.drivers.cuda
                --add-opens a/b=tornado.graal
                --enable-native-access=tornado.runtime
                """, "tornado.drivers.cuda");
        var graal = Files.createDirectories(sdk.resolve("share/java/graalJars")).resolve("graal.jar");
        Files.createFile(graal);
        var frozen = Files.createDirectories(sdk.resolve("share/java/jvmci")).resolve("jvmci-21.0.2.jar");
        Files.createFile(frozen);
        assertEquals(List.of(
                "trm: TornadoVM's backend cuda is left out: it does not start (No platforms found).",
                "-server", "-XX:+EnableJVMCI",
                "--module-path", jars + "/tornado-drivers-opencl-5.jar:" + jars + "/tornado-runtime-5.jar:" + graal,
                "--add-modules", "jdk.jfr,tornado.graal,tornado.runtime,tornado.drivers.opencl",
                "--add-exports", "a/b=tornado.drivers.opencl", "--add-opens", "a/b=tornado.graal",
                "--enable-native-access=tornado.runtime",
                "-Djdk.internal.vm.ci.enabled=true", "--patch-module", "jdk.internal.vm.ci=" + frozen),
                java(sdk, "devices").subList(0, 15));
    }

    @Test
    void putsClassesOfTheUsersOwnBehindTrms() throws Exception {
        var family = Files.createDirectory(dir.resolve("a family"));
        for (var jar : List.of("trm-cli.jar", "Kernels-1.jar", "jackson.jar")) {
            Files.createFile(Files.createDirectories(bundle.resolve("app")).resolve(jar));
        }
        // In this order in every locale: Java has an archive of classes for one order.
        var trm = Stream.of("Kernels-1.jar", "jackson.jar", "trm-cli.jar")
                .map(jar -> bundle + "/app/" + jar)
                .collect(Collectors.joining(":"));
        assertEquals(trm, classPath(java(null, "devices")));
        classes = family + ":" + family + "/*";
        assertEquals(trm + ":" + classes, classPath(java(null, "devices")));
        classes = family + ":no.jar";
        assertEquals(List.of("trm: TRM_CLASSPATH names no.jar, which is not there; expected jars or folders with colons "
                + "between them."), java(null, "devices"));
    }

    /** As Open MPI's and MPICH's mpirun, and srun, tell a process of what it is one. */
    @ParameterizedTest
    @CsvSource({
        "OMPI_COMM_WORLD_SIZE=8 OMPI_COMM_WORLD_LOCAL_SIZE=2, 40, -opencl",
        "PMI_SIZE=3 MPI_LOCALNRANKS=3, 26, -opencl",
        "PMIX_RANK=0 SLURM_STEP_NUM_TASKS=4 SLURM_NTASKS_PER_NODE=4, 20, -opencl",
        "PMI_SIZE=500 HWLOC_COMPONENTS=-gl, 1, '-gl,-opencl'"
    })
    void ranksShareTheirMachineAndKeepTheirSignals(String variables, int percent, String hwloc) throws Exception {
        var jsig = Files.createDirectories(bundle.resolve("runtime/lib")).resolve("libjsig.so");
        Files.copy(Path.of(System.getProperty("java.home"), "lib", "libjsig.so"), jsig);
        Files.writeString(bundle.resolve("runtime/bin/java"), """
                #!/bin/sh
                echo "$LD_PRELOAD ${UCX_ERROR_SIGNALS-as it is} $HWLOC_COMPONENTS"
                printf '%s\\n' "$@"
                """);
        var environment = Arrays.stream(variables.split(" "))
                .map(each -> each.split("="))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        var line = List.of("bash", bundle.resolve("scripts/trm").toString(), "train", "c.yaml");
        var printed = printed(line, environment);
        assertEquals(jsig + "  " + hwloc, printed.getFirst());
        assertTrue(printed.containsAll(
                List.of("-XX:MaxRAMPercentage=" + percent, "--enable-native-access=ALL-UNNAMED")), printed.toString());
        var alone = printed(line, Map.of("OMPI_COMM_WORLD_SIZE", "1", "SLURM_STEP_NUM_TASKS", "4"));
        assertEquals(" as it is ", alone.getFirst());
        assertTrue(alone.contains("-XX:MaxRAMPercentage=80"), alone.toString());
        assertFalse(alone.contains("--enable-native-access=ALL-UNNAMED"), alone.toString());
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

    /** MPICH's mpirun has others wait for one that is not connected yet, unless a signal ended it. */
    @Test
    void whatKeepsARankFromStartingEndsItBySignal() throws Exception {
        var process = new ProcessBuilder("bash", bundle.resolve("scripts/trm").toString(), "devices")
                .redirectErrorStream(true);
        process.environment().putAll(Map.of(
                "TORNADOVM_HOME", dir + "/elsewhere", "PMI_RANK", "1", "PMI_SIZE", "2"));
        var started = process.start();
        assertTrue(new String(started.getInputStream().readAllBytes()).startsWith("trm: expected a TornadoVM SDK"));
        assertEquals(128 + 9, started.waitFor());
    }

    /** What the launcher printed, a line each: the arguments of Java if it came to that. */
    private List<String> java(Path tornadoVm, String... arguments) throws Exception {
        var words = new ArrayList<>(List.of("bash", bundle.resolve("scripts/trm").toString()));
        words.addAll(Arrays.asList(arguments));
        return printed(words, tornadoVm == null ? Map.of() : Map.of("TORNADOVM_HOME", tornadoVm.toString()));
    }

    private List<String> printed(List<String> words, Map<String, String> environment) throws Exception {
        var process = new ProcessBuilder(words).redirectErrorStream(true);
        process.environment().keySet().removeIf(name -> SET_BY_CALLERS.matcher(name).matches());
        process.environment().put("TRM_CLASSPATH", classes);
        process.environment().putAll(environment);
        var started = process.start();
        started.getOutputStream().close();
        var printed = new String(started.getInputStream().readAllBytes());
        started.waitFor();
        return printed.isEmpty() ? List.of() : List.of(printed.substring(0, printed.length() - 1).split("\n", -1));
    }
}
