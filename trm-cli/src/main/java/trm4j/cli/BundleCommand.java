package trm4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.train.RunException;

/** {@code trm bundle}. */
@Command(
        name = "bundle",
        description =
                "Makes a folder that runs on another machine of this kind with nothing installed but a GPU's driver: "
                + "a Java runtime, trm, its configurations, and what it needs of the TornadoVM SDK in TORNADOVM_HOME, "
                + "if that is set.")
final class BundleCommand implements Runnable {

    /** What trm and its libraries need of the JDK, and TornadoVM beside what its modules require. */
    private static final List<String> JDK_MODULES = List.of(
            "java.desktop", "java.logging", "java.management", "java.naming", "java.xml", "jdk.graal.compiler",
            "jdk.incubator.vector", "jdk.internal.vm.ci", "jdk.management", "jdk.unsupported", "jdk.zipfs");

    @Parameters(paramLabel = "OUT", description = "New folder to make.")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var print = spec.commandLine().getOut();
        try {
            if (Files.exists(out)) {
                throw new RunException("The bundle " + out + " exists already; name a new folder.");
            }
            var home = home();
            var modules = new TreeSet<>(JDK_MODULES);
            var sdk = System.getenv("TORNADOVM_HOME");
            if (sdk != null) {
                copySdk(Path.of(sdk), modules);
            }
            copyApplication(home);
            link(modules);
            print.println(out + ": " + (size(out) >> 20) + " MiB, "
                    + (sdk == null ? "cpu only, since TORNADOVM_HOME is not set" : "with TornadoVM from " + sdk));
            print.println("Run it with " + out.resolve("scripts/trm") + "; pack it with tar czf.");
            print.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home() {
        var home = System.getProperty("trm.home");
        if (home == null || !Files.isDirectory(Path.of(home, "trm-cli", "target", "lib"))) {
            throw new RunException(
                    "A bundle is made from a checkout that was built, expected scripts/trm in one to be what runs.");
        }
        return Path.of(home);
    }

    private void copyApplication(Path home) throws IOException {
        var target = home.resolve("trm-cli/target");
        copy(target.resolve("trm-cli.jar"), out.resolve("app/trm-cli.jar"));
        copy(target.resolve("lib"), out.resolve("app"));
        copy(home.resolve("scripts/trm"), out.resolve("scripts/trm"));
        copy(home.resolve("configs"), out.resolve("configs"));
    }

    /** The native libraries, the options, and the modules that its options name, with all that those require. */
    private void copySdk(Path sdk, Set<String> jdkModules) throws IOException {
        var template = sdk.resolve("tornado-argfile.template");
        if (!Files.exists(template)) {
            throw new RunException("Expected a TornadoVM SDK in TORNADOVM_HOME=" + sdk + ", found no " + template
                    + "; set it to an SDK's folder.");
        }
        var to = out.resolve("tornadovm");
        copy(template, to.resolve("tornado-argfile.template"));
        copy(sdk.resolve("etc"), to.resolve("etc"));
        copy(sdk.resolve("lib"), to.resolve("lib"));
        var java = sdk.resolve("share/java");
        var roots = Files.readAllLines(template).stream()
                .filter(line -> line.startsWith("--add-modules"))
                .flatMap(line -> List.of(line.replaceFirst("--add-modules[ =]", "").split(",")).stream())
                .map(String::strip)
                .filter(name -> !name.startsWith("ALL-"))
                .collect(Collectors.toSet());
        roots.add("jdk.graal.compiler");
        var finder = ModuleFinder.of(java.resolve("graalJars"), java.resolve("tornado"));
        var modules = Configuration.empty().resolve(finder, ModuleFinder.ofSystem(), roots).modules();
        for (var module : modules) {
            var place = location(module);
            if (place == null) {
                jdkModules.add(module.name());
            } else {
                copy(place, to.resolve("share/java").resolve(java.relativize(place)));
            }
        }
    }

    /** The jar of a module; none for the JDK's own. */
    private static Path location(ResolvedModule module) {
        return module.reference()
                .location()
                .filter(uri -> uri.getScheme().equals("file"))
                .map(Path::of)
                .orElse(null);
    }

    private void link(Set<String> modules) {
        var jlink = ToolProvider.findFirst("jlink").orElseThrow(() -> new RunException(
                "Expected jlink in the JDK that runs this, found none; install a whole JDK 25."));
        int status = jlink.run(
                System.out, System.err, "--add-modules", String.join(",", modules), "--strip-java-debug-attributes",
                "--no-header-files", "--no-man-pages", "--compress", "zip-9", "--output",
                out.resolve("runtime").toString());
        if (status != 0) {
            throw new RunException("jlink could not make a Java runtime in " + out + "; what it said stands above.");
        }
    }

    /** Copies a file, or all in a folder. */
    private static void copy(Path from, Path to) throws IOException {
        var paths = new ArrayList<Path>();
        try (var tree = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            tree.filter(Files::isRegularFile).forEach(paths::add);
        }
        for (var path : paths) {
            var target = to.resolve(from.relativize(path).toString());
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static long size(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            long bytes = 0;
            for (var path : tree.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(path);
            }
            return bytes;
        }
    }
}
