package trm4j.train.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A disk that goes wrong at some operation, in the midst of it where it can be. */
final class CrashingDisk extends Disk {

    /** The process ends here: nothing that comes after it happens. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    /** What happens. */
    enum Kind { CRASH, FULL }

    private final Kind kind;
    private final int at;
    private int operations;

    CrashingDisk(Kind kind, int at) {
        this.kind = kind;
        this.at = at;
    }

    int operations() {
        return operations;
    }

    private boolean isHere() {
        return ++operations == at;
    }

    private void go() throws IOException {
        if (kind == Kind.CRASH) {
            throw new Crash();
        }
        throw new IOException("No space left on device");
    }

    @Override
    void makeFolder(Path folder) throws IOException {
        if (isHere()) {
            go();
        }
        super.makeFolder(folder);
    }

    @Override
    void write(Path file, Writer writer) throws IOException {
        boolean here = isHere();
        super.write(file, writer);
        if (here) {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Files.size(file) / 2);
            }
            go();
        }
    }

    @Override
    void sync(Path folder) throws IOException {
        if (isHere()) {
            go();
        }
        super.sync(folder);
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        if (isHere()) {
            go();
        }
        super.rename(from, to);
    }

    @Override
    void delete(Path folder) throws IOException {
        if (isHere()) {
            Files.delete(folder.resolve("model.safetensors"));
            go();
        }
        super.delete(folder);
    }
}
