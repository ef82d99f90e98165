package trm4j.train.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import trm4j.model.file.AtomicFile;

/**
 * A folder that is filled beside the place it is for, and moved there when it is whole. Until then, a file beside it is
 * locked, which tells it from those that killed processes left: {@code .NAME.new-*} and {@code .NAME.new-*.lock}.
 */
public final class AsideFolder implements AutoCloseable {

    private static final String NEW = ".new-";
    private static final String LOCK = ".lock";

    private final Path place;
    private final Path path;
    private final FileChannel lock;

    /** Makes one, and takes away those for the same place that nobody fills any more. */
    public AsideFolder(Path place) throws IOException {
        tidy(place);
        this.place = place;
        path = place.resolveSibling("." + place.getFileName() + NEW + Long.toHexString(System.nanoTime()));
        // The lock first: nobody takes a folder without one away.
        lock = FileChannel.open(lock(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            lock.tryLock();
        } catch (IOException e) {
            // A file system without locks, where nobody else gets one either, and the folder stays.
        }
        try {
            // Not a temporary directory as the JDK makes it, which nobody else may read.
            Files.createDirectory(path);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    /** Takes away what killed processes left beside a place. */
    public static void tidy(Path place) throws IOException {
        var name = place.getFileName().toString();
        try (var left = Files.newDirectoryStream(
                place.getParent(), entry -> isLockOf(name, entry.getFileName().toString()))) {
            left.forEach(AsideFolder::deleteUnlessFilled);
        }
    }

    /** Tells whether a name is that of a folder beside the one it is for, or of its lock. */
    public static boolean isOf(String place, String name) {
        var prefix = "." + place + NEW;
        return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9a-f]+(" + LOCK + ")?");
    }

    private static boolean isLockOf(String place, String name) {
        return isOf(place, name) && name.endsWith(LOCK);
    }

    private static Path lock(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static void deleteUnlessFilled(Path lockFile) {
        var name = lockFile.getFileName().toString();
        var folder = lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (var lock = FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (lock.tryLock() == null) {
                return;
            }
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Folders.delete(folder);
            }
            Files.delete(lockFile);
        } catch (OverlappingFileLockException | IOException e) {
            // Is being filled, in this process or another, or is not ours to take away.
        }
    }

    public Path path() {
        return path;
    }

    /** Moves it to its place, where there must be nothing, for good: what is in it is to be synced by then. */
    public void moveToItsPlace() throws IOException {
        Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(place.getParent());
    }

    /** Deletes it if it was not moved to its place. */
    @Override
    public void close() throws IOException {
        if (Files.exists(path)) {
            Folders.delete(path);
        }
        release();
    }

    private void release() throws IOException {
        lock.close();
        Files.deleteIfExists(lock(path));
    }
}
