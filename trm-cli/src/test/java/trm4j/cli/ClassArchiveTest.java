package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that {@code scripts/trm} has Java start with: when it is made; that it changes nothing. */
@DisabledOnOs(OS.WINDOWS)
class ClassArchiveTest {

    private static final String ARCHIVING = "trm: archiving classes, to start faster ...";

    @TempDir
    private Path dir;

    private Path home;
    private Path target;

    @BeforeEach
    void copyTheLauncher() throws IOException {
        home = dir.resolve("a home");
        Files.createDirectories(home.resolve("scripts"));
        for (var script : List.of("trm", "build.sh")) {
            Files.copy(Path.of("../scripts", script), home.resolve("scripts").resolve(script));
        }
        target = home.resolve("trm-cli/target");
    }

    @Test
    void isMadeOnceForEachBuild() throws Exception {
        makeCheckout("echo archived >made");
        var archive = target.resolve("classes-25.0.9+1-LTS.jsa");
        var option = "-XX:SharedArchiveFile=" + archive;
        var first = trm();
        assertEquals(ARCHIVING, first.getFirst());
        assertTrue(first.contains(option), first.toString());
        assertEquals("archived\n", Files.readString(archive));
        var second = trm();
        assertFalse(second.contains(ARCHIVING));
        assertTrue(second.contains(option), second.toString());

        var later = FileTime.fromMillis(Files.getLastModifiedTime(archive).toMillis() + 5_000);
        Files.setLastModifiedTime(target.resolve("lib/other.jar"), later);
        assertEquals(ARCHIVING, trm().getFirst());
        assertEquals(List.of("building", archive.getFileName().toString(), "lib", "trm-cli.jar"), names(target));
    }

    @Test
    void isNotTriedAgainWhereJavaCannotMakeIt() throws Exception {
        makeCheckout("echo half >made; exit 1");
        assertEquals(ARCHIVING, trm().getFirst());
        var again = trm();
        assertFalse(again.contains(ARCHIVING) || again.toString().contains("SharedArchiveFile"), again.toString());
        assertTrue(again.contains("trm4j.cli.Main"), again.toString());
    }

    @Test
    void isDoneWithoutWhereItsFolderCannotBeWritten() throws Exception {
        makeCheckout("echo archived >made");
        var tools = Files.createDirectory(dir.resolve("tools"));
        executable(tools.resolve("mktemp"), "echo 'mktemp: Read-only file system' >&2; exit 1");
        var printed = trm("PATH", tools + ":" + System.getenv("PATH"));
        assertFalse(printed.toString().contains("rchiv"), printed.toString());
        assertTrue(printed.contains("trm4j.cli.Main"), printed.toString());
    }

    /** Java's own doing: as another Java's, another build's, or what a full disk left. */
    @Test
    void changesNothingWhereItIsDamagedOrOfOtherJars() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        executable(home.resolve("runtime/bin/java"), "exec '" + java + "' \"$@\"");
        var app = Files.createDirectories(home.resolve("app"));
        makeJar(app.resolve("a.jar"), "one");
        var own = Path.of(Told.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        var environment = new String[] {"TRM_MAIN", Told.class.getName(), "TRM_CLASSPATH", own};
        var expected = trm(environment);
        assertEquals(List.of("told [help]"), expected);

        var archive = app.resolve("classes.jsa");
        var making = new ProcessBuilder(
                java.toString(), "-XX:ArchiveClassesAtExit=" + archive, "-cp", app.resolve("a.jar").toString(),
                "-Xlog:disable", "-Xlog:all=off", "--version").start();
        assertEquals(0, making.waitFor());
        assertTrue(Files.size(archive) > 1000);
        assertEquals(expected, trm(environment));

        var whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
        assertEquals(expected, trm(environment), "half of it");
        Files.writeString(archive, "no archive");
        assertEquals(expected, trm(environment), "something else");
        Files.write(archive, whole);
        makeJar(app.resolve("a.jar"), "another");
        assertEquals(expected, trm(environment), "of another jar");
        Files.delete(app.resolve("a.jar"));
        assertEquals(expected, trm(environment), "of a jar that is gone");
    }

    /** What is run in trm's place. */
    static final class Told {

        private Told() {}

        public static void main(String[] arguments) {
            System.out.println("told " + List.of(arguments));
        }
    }

    /** A checkout that was built, and a JDK whose Java prints its arguments, and makes archives by these words. */
    private void makeCheckout(String archiving) throws IOException {
        Files.createDirectories(target.resolve("lib"));
        for (var module : List.of("tornado-kernels", "trm-model", "trm-mpi", "trm-train", "trm-cli")) {
            Files.createDirectories(home.resolve(module));
        }
        Files.createFile(home.resolve("pom.xml"));
        Files.createFile(target.resolve("trm-cli.jar"));
        Files.createFile(target.resolve("lib/other.jar"));
        var jdk = dir.resolve("jdk");
        executable(jdk.resolve("bin/javac"), "");
        executable(jdk.resolve("bin/java"), """
                case $* in
                  *ArchiveClassesAtExit=made*trm4j.cli.Rehearsal*) %s; exit ;;
                esac
                printf '%%s\\n' "$@"
                """.formatted(archiving));
        Files.writeString(
                jdk.resolve("release"), "JAVA_RUNTIME_VERSION=\"25.0.9+1-LTS\"\nJAVA_VERSION=\"25.0.9\"\n");
    }

    private static void executable(Path file, String words) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + words + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private static void makeJar(Path jar, String content) throws IOException {
        Files.deleteIfExists(jar);
        try (var zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            Files.writeString(zip.getPath("content"), content);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** What {@code trm help} printed, a line each, with these variables and their values. */
    private List<String> trm(String... variables) throws Exception {
        var process = new ProcessBuilder(
                "bash", home.resolve("scripts/trm").toString(), "help")
                .redirectErrorStream(true);
        process.environment().keySet().removeAll(List.of("TORNADOVM_HOME", "TRM_JAVA_OPTS", "TRM_CLASSPATH"));
        process.environment().put("JAVA_HOME", dir.resolve("jdk").toString());
        for (int i = 0; i < variables.length; i += 2) {
            process.environment().put(variables[i], variables[i + 1]);
        }
        var started = process.start();
        started.getOutputStream().close();
        var printed = new String(started.getInputStream().readAllBytes());
        assertTrue(started.waitFor(1, TimeUnit.MINUTES));
        return printed.lines().toList();
    }
}
