package trm4j.train.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A folder that is filled beside the place it is for. While that goes on, a file in it is locked, which tells it from
 * those that killed processes left.
 */
public final class AsideFolder implements AutoCloseable {

    private static final String LOCK = ".writing";

    private final Path path;
    private final FileChannel lock;

    /** Makes one, and takes away those for the same place that nobody fills any more. */
    public AsideFolder(Path place) throws IOException {
        var prefix = "." + place.getFileName() + ".new-";
        try (var left = Files.newDirectoryStream(
                place.getParent(), entry -> entry.getFileName().toString().startsWith(prefix))) {
            left.forEach(AsideFolder::deleteUnlessFilled);
        }
        // Not a temporary directory as the JDK makes it, which nobody else may read.
        path = Files.createDirectory(place.resolveSibling(prefix + Long.toHexString(System.nanoTime())));
        lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            lock.tryLock();
        } catch (IOException e) {
            // A file system without locks, where nobody else gets one either, and the folder stays.
        }
    }

    private static void deleteUnlessFilled(Path folder) {
        try (var lock = FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (lock.tryLock() != null) {
                Folders.delete(folder);
            }
        } catch (OverlappingFileLockException | IOException e) {
            // Is being filled, in this process or another, or is not ours to take away.
        }
    }

    public Path path() {
        return path;
    }

    /** Says that it is whole, before it is moved to its place: nobody takes a folder without the file away. */
    public void finish() throws IOException {
        Files.deleteIfExists(path.resolve(LOCK));
        lock.close();
    }

    /** Deletes it if it is still there. */
    @Override
    public void close() throws IOException {
        if (Files.exists(path)) {
            finish();
            Folders.delete(path);
        }
    }
}
