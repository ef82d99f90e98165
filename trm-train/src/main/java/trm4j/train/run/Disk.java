package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import trm4j.model.file.AtomicFile;
import trm4j.train.data.Folders;

/** The operations of a disk that saving a checkpoint takes, one after the other; tests have disks that fail or stop. */
class Disk {

    /** Writes a file and has it on the disk when it returns. */
    @FunctionalInterface
    interface Writer {
        void write(Path file) throws IOException;
    }

    void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
    }

    void write(Path file, Writer writer) throws IOException {
        writer.write(file);
    }

    /** Has the names in a folder on the disk. */
    void sync(Path folder) throws IOException {
        AtomicFile.syncFolder(folder);
    }

    /** Gives a folder another name beside it, at once. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(Path folder) throws IOException {
        Folders.delete(folder);
    }
}
