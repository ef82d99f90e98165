package trm4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;
import trm4j.train.data.AsideFolder;

/**
 * A folder with all that trm runs on: a Java runtime, trm and its libraries, configurations, the models that come with
 * it, the needed parts of a TornadoVM SDK.
 */
final class Bundle {

    /** What trm and its libraries need of the JDK, and TornadoVM beside what its modules require. */
    private static final List<String> JDK_MODULES = List.of(
            "java.logging", "java.management", "java.naming", "java.xml", "jdk.graal.compiler", "jdk.httpserver",
            "jdk.incubator.vector", "jdk.internal.vm.ci", "jdk.jfr", "jdk.management", "jdk.unsupported",
            "jdk.zipfs");

    /** What TornadoVM has of its own for drivers: none of it needs to be there since 6.0. */
    private static final String LIBRARIES = "lib";

    /** The classes of JDK 21 that TornadoVM puts in the place of later ones, since 6.0. */
    private static final String FROZEN_CLASSES = "share/java/jvmci";

    private final Path checkout;
    private final Optional<Path> sdk;
    private final Linker linker;

    /** Makes Java runtimes. */
    @FunctionalInterface
    interface Linker {

        /** Makes a runtime of the JDK's modules of some names, in a folder that is not there yet. */
        void link(Set<String> modules, Path to) throws IOException;
    }

    /**
     * Plans a bundle.
     *
     * @param checkout a checkout of trm4j that was built
     * @param sdk a TornadoVM SDK, if the bundle is to have one
     */
    Bundle(Path checkout, Optional<Path> sdk, Linker linker) {
        this.checkout = checkout;
        this.sdk = sdk;
        this.linker = linker;
    }

    /**
     * Writes the bundle: it is whole when it comes to stand under its name, even after a power cut.
     *
     * @return its bytes
     * @throws RunException if something has that name already, the SDK lacks a part, or writing fails; nothing is left
     */
    long write(Path out) {
        var place = out.toAbsolutePath().normalize();
        requireFree(place, out);
        try {
            Files.createDirectories(place.getParent());
            try (var aside = new AsideFolder(place)) {
                fill(aside.path());
                long bytes = sync(aside.path());
                requireFree(place, out);
                aside.moveToItsPlace();
                return bytes;
            }
        } catch (IOException e) {
            throw unwritten(out, e);
        } catch (UncheckedIOException e) {
            throw unwritten(out, e.getCause());
        }
    }

    private static RunException unwritten(Path out, IOException e) {
        return new RunException("The bundle " + out + " cannot be written (" + e + "); check the disk's free space and "
                + "that you may write there.", e);
    }

    private static void requireFree(Path place, Path out) {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new RunException("The bundle " + out + " exists already; name a new folder.");
        }
    }

    private void fill(Path to) throws IOException {
        var modules = new TreeSet<>(JDK_MODULES);
        if (sdk.isPresent()) {
            copySdk(sdk.get(), to.resolve("tornadovm"), modules);
        }
        var target = checkout.resolve("trm-cli/target");
        copy(target.resolve("trm-cli.jar"), to.resolve("app/trm-cli.jar"));
        copy(target.resolve("lib"), to.resolve("app"));
        copy(checkout.resolve("scripts/trm"), to.resolve("scripts/trm"));
        copy(checkout.resolve("configs"), to.resolve("configs"));
        copy(checkout.resolve("models"), to.resolve("models"));
        copy(checkout.resolve("LICENSE"), to.resolve("LICENSE"));
        linker.link(modules, to.resolve("runtime"));
    }

    /** The options, the native libraries, and the modules that its options name, with all that those require. */
    private static void copySdk(Path sdk, Path to, Set<String> jdkModules) throws IOException {
        for (var part : List.of("tornado-argfile.template", "etc", LIBRARIES, FROZEN_CLASSES)) {
            if (Files.exists(sdk.resolve(part))) {
                copy(sdk.resolve(part), to.resolve(part));
            } else if (!isOfOneVersion(part, sdk)) {
                throw new RunException("Expected a TornadoVM SDK in TORNADOVM_HOME=" + sdk + ", found no "
                        + sdk.resolve(part) + "; set it to an SDK's folder.");
            }
        }
        var java = sdk.resolve("share/java");
        for (var module : modules(sdk, java)) {
            var place = location(module);
            if (place == null) {
                jdkModules.add(module.name());
            } else {
                copy(place, to.resolve("share/java").resolve(java.relativize(place)));
            }
        }
    }

    /** Whether other versions of TornadoVM than that of an SDK have a part. */
    private static boolean isOfOneVersion(String part, Path sdk) {
        return part.equals(FROZEN_CLASSES) || part.equals(LIBRARIES) && Files.exists(sdk.resolve(FROZEN_CLASSES));
    }

    private static Set<ResolvedModule> modules(Path sdk, Path java) throws IOException {
        var roots = Files.readAllLines(sdk.resolve("tornado-argfile.template")).stream()
                .filter(line -> line.startsWith("--add-modules"))
                .flatMap(line -> List.of(line.replaceFirst("--add-modules[ =]", "").split(",")).stream())
                .map(String::strip)
                .filter(name -> !name.startsWith("ALL-"))
                .collect(Collectors.toSet());
        roots.add("jdk.graal.compiler");
        var finder = ModuleFinder.of(java.resolve("graalJars"), java.resolve("tornado"));
        try {
            return Configuration.empty().resolve(finder, ModuleFinder.ofSystem(), roots).modules();
        } catch (FindException | ResolutionException e) {
            throw new RunException("Expected a whole TornadoVM SDK in TORNADOVM_HOME=" + sdk + ", found one whose "
                    + "modules do not fit (" + e.getMessage() + "); install it again.", e);
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

    /** Copies a file, or all in a folder. */
    private static void copy(Path from, Path to) throws IOException {
        var paths = new ArrayList<Path>();
        try (var tree = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            tree.filter(Files::isRegularFile).forEach(paths::add);
        }
        for (var path : paths) {
            var target = to.resolve(from.relativize(path).toString());
            Files.createDirectories(target.getParent());
            Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** Has a folder on the disk with all that is in it, and returns the bytes of its files. */
    private static long sync(Path folder) throws IOException {
        long bytes = 0;
        try (var tree = Files.walk(folder)) {
            for (var path : tree.toList()) {
                if (Files.isDirectory(path)) {
                    AtomicFile.syncFolder(path);
                } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    bytes += Files.size(path);
                    try (var file = FileChannel.open(path)) {
                        file.force(true);
                    }
                }
            }
        }
        return bytes;
    }
}
