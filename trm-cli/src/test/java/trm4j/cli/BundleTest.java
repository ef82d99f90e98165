package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hardwood.reader.ParquetFileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.train.RunException;
import trm4j.train.data.Folders;

/** {@link Bundle}, of a checkout and an SDK with hardly anything in them. */
class BundleTest {

    @TempDir
    private Path dir;

    private Path checkout;
    private Path sdk;
    private Path folder;

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = dir.resolve("checkout");
        for (var name : List.of(
                "trm-cli/target/trm-cli.jar", "trm-cli/target/lib/a.jar", "scripts/trm", "configs/c.yaml",
                "models/m/config.json", "LICENSE")) {
            write(checkout.resolve(name));
        }
        assertTrue(checkout.resolve("scripts/trm").toFile().setExecutable(true));
        sdk = dir.resolve("sdk");
        for (var name : List.of("tornado-argfile.template", "etc/settings", "lib/libdevice.so")) {
            write(sdk.resolve(name));
        }
        folder = Files.createDirectory(dir.resolve("folder"));
    }

    @Test
    void isWholeUnderItsName() throws IOException {
        var out = folder.resolve("new/bundle");
        var linked = new TreeSet<String>();
        long bytes = new Bundle(checkout, Optional.of(sdk), (modules, to) -> {
            assertFalse(Files.exists(out), "is there before it is whole");
            linked.addAll(modules);
            write(to.resolve("bin/java"));
        }).write(out);
        var files = files(out);
        assertEquals(Set.of(
                "LICENSE", "app/a.jar", "app/trm-cli.jar", "configs/c.yaml", "models/m/config.json", "runtime/bin/java",
                "scripts/trm", "tornadovm/etc/settings", "tornadovm/lib/libdevice.so",
                "tornadovm/tornado-argfile.template"), files);
        assertEquals(2 * files.size(), bytes);
        assertTrue(Files.isExecutable(out.resolve("scripts/trm")));
        assertTrue(linked.containsAll(Set.of("jdk.incubator.vector", "jdk.graal.compiler")), linked.toString());
        assertEquals(Set.of("bundle"), names(out.getParent()));
    }

    /** What trm's own classes and the reader of Parquet files use of the JDK, as jdeps finds it. */
    @Test
    void itsRuntimeHasWhatTrmUses() throws Exception {
        var linked = new TreeSet<String>();
        new Bundle(checkout, Optional.empty(), (modules, to) -> {
            linked.addAll(modules);
            write(to.resolve("bin/java"));
        }).write(folder.resolve("bundle"));
        var out = new StringWriter();
        int status = ToolProvider.findFirst("jdeps").orElseThrow().run(
                new PrintWriter(out), new PrintWriter(out), "-s", "--multi-release", "base", "--ignore-missing-deps",
                place(Main.class), place(ParquetFileReader.class));
        assertEquals(0, status, out.toString());
        var used = out.toString().lines()
                .map(line -> line.substring(line.indexOf("->") + 2).strip())
                .filter(module -> module.matches("(java|jdk)\\..*") && !module.equals("java.base"))
                .toList();
        assertTrue(used.containsAll(Set.of("jdk.httpserver", "jdk.jfr")) && linked.containsAll(used),
                used + " in " + linked);
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tornado-argfile.template", "etc", "lib"})
    void anSdkThatLacksAPartLeavesNothing(String part) throws IOException {
        Folders.delete(sdk.resolve(part));
        var message = refusal(new Bundle(checkout, Optional.of(sdk), (_, to) -> write(to)));
        assertTrue(message.contains("TORNADOVM_HOME=" + sdk) && message.contains(part), message);
        assertEquals(Set.of(), names(folder));
    }

    /** It brings classes of JDK 21 that no module of its options has, and may bring no library. */
    @Test
    void takesAnSdkOfTornadoVm6() throws IOException {
        Folders.delete(sdk.resolve("lib"));
        write(sdk.resolve("share/java/jvmci/jvmci-21.0.2.jar"));
        var out = folder.resolve("bundle");
        new Bundle(checkout, Optional.of(sdk), (_, to) -> write(to.resolve("bin/java"))).write(out);
        assertEquals(
                Set.of("etc/settings", "share/java/jvmci/jvmci-21.0.2.jar", "tornado-argfile.template"),
                files(out.resolve("tornadovm")));
    }

    @Test
    void anSdkWithoutAModuleThatItNamesLeavesNothing() throws IOException {
        Files.writeString(sdk.resolve("tornado-argfile.template"), "--add-modules ALL-SYSTEM,tornado.runtime\n");
        var message = refusal(new Bundle(checkout, Optional.of(sdk), (_, to) -> write(to)));
        assertTrue(message.contains("tornado.runtime"), message);
        assertEquals(Set.of(), names(folder));
    }

    @Test
    void aRuntimeThatCannotBeMadeLeavesNothing() throws IOException {
        var failing = new Bundle(checkout, Optional.empty(), (_, to) -> {
            write(to.resolve("bin/java"));
            throw new IOException("No space left on device");
        });
        var message = refusal(failing);
        assertTrue(message.contains("bundle cannot be written") && message.contains("No space left"), message);
        assertEquals(Set.of(), names(folder));
    }

    @Test
    void whatHasTheNameStaysAsItIs() throws IOException {
        var out = Files.createDirectory(folder.resolve("bundle"));
        var message = refusal(new Bundle(checkout, Optional.empty(), (_, to) -> write(to)));
        assertTrue(message.contains("exists already"), message);
        assertEquals(Set.of(), names(out));

        Files.delete(out);
        // It comes to be there while the bundle is made.
        message = refusal(new Bundle(checkout, Optional.empty(), (_, _) -> Files.createDirectory(out)));
        assertTrue(message.contains("exists already"), message);
        assertEquals(Set.of("bundle"), names(folder));
        assertEquals(Set.of(), names(out));
    }

    private String refusal(Bundle bundle) {
        return assertThrows(RunException.class, () -> bundle.write(folder.resolve("bundle"))).getMessage();
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x\n");
    }

    private static Set<String> names(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return Set.copyOf(entries.map(entry -> entry.getFileName().toString()).toList());
        }
    }

    private static Set<String> files(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            return Set.copyOf(tree.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList());
        }
    }
}
