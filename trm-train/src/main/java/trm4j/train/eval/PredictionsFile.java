package trm4j.train.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** {@code predictions.jsonl}: a line for each puzzle, in the order in which they are done. */
final class PredictionsFile implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final FileChannel channel;

    private PredictionsFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file, or makes it, to add lines. A last line that was cut off, as by a power cut, is taken away.
     *
     * @param earlier hears of each prediction that is there already
     * @throws EvaluationException if it is something else, cannot be written, or is being written by another process
     */
    static PredictionsFile open(Path file, Consumer<Prediction> earlier) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw beingWritten(file);
            }
            channel.truncate(wholeLines(channel));
            read(file, earlier);
            channel.position(channel.size());
            return new PredictionsFile(file, channel);
        } catch (OverlappingFileLockException e) {
            closeAfter(channel, e);
            throw beingWritten(file);
        } catch (IOException e) {
            closeAfter(channel, e);
            throw failed(file, e);
        } catch (RuntimeException e) {
            closeAfter(channel, e);
            throw e;
        }
    }

    private static void closeAfter(FileChannel channel, Exception e) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException later) {
                e.addSuppressed(later);
            }
        }
    }

    private static EvaluationException beingWritten(Path file) {
        return new EvaluationException(file + " is being written by another evaluation; wait for its end, or choose "
                + "another folder with --out.");
    }

    private static EvaluationException failed(Path file, IOException e) {
        return new EvaluationException(file + " cannot be written (" + e + "); mend that, and go on with --resume.", e);
    }

    /** The bytes up to the last end of a line. */
    private static long wholeLines(FileChannel channel) throws IOException {
        var chunk = ByteBuffer.allocate(CHUNK);
        for (long end = channel.size(); end > 0; end -= chunk.capacity()) {
            long start = Math.max(0, end - chunk.capacity());
            chunk.clear().limit((int) (end - start));
            while (chunk.hasRemaining() && channel.read(chunk, start + chunk.position()) >= 0) { }
            for (int i = chunk.position() - 1; i >= 0; i--) {
                if (chunk.get(i) == '\n') {
                    return start + i + 1;
                }
            }
        }
        return 0;
    }

    private static void read(Path file, Consumer<Prediction> earlier) throws IOException {
        long line = 0;
        try (var lines = Files.lines(file)) {
            for (var text : (Iterable<String>) lines::iterator) {
                line++;
                earlier.accept(Prediction.of(JSON.readTree(text)));
            }
        } catch (JsonProcessingException | IllegalArgumentException | UncheckedIOException e) {
            throw new EvaluationException(file + ":" + (line == 0 ? 1 : line) + ": expected a prediction as trm eval "
                    + "writes it, found something else; delete the line, or start anew in another folder.", e);
        }
    }

    void add(Prediction prediction) {
        try {
            var bytes = ByteBuffer.wrap((prediction.json() + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }
}
