package trm4j.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a folder in the place of another one. That takes two renames: a process that is killed between them leaves the
 * other one under the name {@code .NAME.old-*} only, which the next command puts back.
 */
final class FolderReplacement {

    /** Looks at a folder. */
    @FunctionalInterface
    interface Check {
        boolean test(Path folder) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(FolderReplacement.class);
    private static final String OLD = "old";
    private static final String DOOMED = "deleting";

    private FolderReplacement() {}

    /** Puts back what is left of a replacement that came to no end, if that is plain. */
    static void undoUnfinished(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) && Files.isDirectory(place.getParent())) {
            var old = left(place, OLD);
            if (old.size() == 1) {
                Files.move(old.getFirst(), place, StandardCopyOption.ATOMIC_MOVE);
                LOG.warn("{} was put back: a command was stopped while it replaced it", place);
            }
        }
    }

    /**
     * Puts a folder in place, and deletes the one that was there, with what is left of those before.
     *
     * @param mayBeDeleted whether nothing in a folder is another's
     */
    static void put(Path folder, Path place, Check mayBeDeleted) throws IOException {
        var old = beside(place, OLD);
        Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        for (var each : left(place, OLD)) {
            if (mayBeDeleted.test(each)) {
                // Half of a folder must not have the name of a whole one, which may be put back.
                Files.move(each, beside(place, DOOMED), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        for (var doomed : left(place, DOOMED)) {
            Folders.delete(doomed);
        }
    }

    private static Path beside(Path place, String kind) {
        return place.resolveSibling("." + place.getFileName() + "." + kind + "-" + Long.toHexString(System.nanoTime()));
    }

    private static List<Path> left(Path place, String kind) throws IOException {
        var prefix = "." + place.getFileName() + "." + kind + "-";
        try (var beside = Files.list(place.getParent())) {
            return beside.filter(path -> {
                var name = path.getFileName().toString();
                return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9a-f]{9,16}")
                        && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
            }).toList();
        }
    }
}
