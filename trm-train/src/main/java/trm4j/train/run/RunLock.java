package trm4j.train.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import trm4j.model.file.InputFile;
import trm4j.train.RunException;

/**
 * Keeps other processes from training in a folder. The system lets go of it when this process ends, however it ends:
 * what is left of the file says nothing.
 */
final class RunLock implements AutoCloseable {

    static final String FILE = "lock";
    private static final int MOST_BYTES = 100;

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes a folder.
     *
     * @throws RunException if another run has it
     * @throws IOException if no lock can be had there at all
     */
    static RunLock take(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        var channel = InputFile.openToGoOn(file);
        try {
            if (channel.tryLock() == null) {
                throw taken(folder, file);
            }
            var process = "process " + ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(process.getBytes(StandardCharsets.UTF_8)));
            return new RunLock(channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw taken(folder, file);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static RunException taken(Path folder, Path file) {
        return new RunException("Another run is training in " + folder + who(file)
                + "; wait for its end or stop it, or choose another folder.");
    }

    private static String who(Path file) {
        try {
            return " (" + InputFile.text(file, MOST_BYTES).strip() + ")";
        } catch (IOException e) {
            // Some systems lock what is in the file too.
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
