package trm4j.train.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.InputFile;
import trm4j.model.file.WholeLines;
import trm4j.train.EvaluationException;

/**
 * {@code predictions.jsonl}: a line for each puzzle. They come in the order in which they are done; once all are, they are
 * put in the order of the puzzles, so that the file has the same bytes however many were solved at a time, and by whom.
 */
final class PredictionsFile implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final FileChannel channel;
    private final List<Line> lines;

    /**
     * A line in the file.
     *
     * @param example of which puzzle
     */
    private record Line(int example, long at, long bytes) {}

    private PredictionsFile(Path file, FileChannel channel, List<Line> lines) {
        this.file = file;
        this.channel = channel;
        this.lines = lines;
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
            channel = InputFile.openToGoOn(file);
            if (channel.tryLock() == null) {
                throw beingWritten(file);
            }
            // Only what is known to be predictions is changed.
            var lines = read(file, channel, 0, earlier);
            channel.truncate(end(lines, 0));
            channel.position(channel.size());
            return new PredictionsFile(file, channel, lines);
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

    /**
     * Reads the lines that have an end, while more may be being written.
     *
     * @throws EvaluationException if it is something else, or cannot be read
     */
    static void read(Path file, Consumer<Prediction> sink) {
        read(file, 0, sink);
    }

    /**
     * Reads the lines that have an end, from some byte on, while more may be being written.
     *
     * @return the byte after the last of them
     * @throws EvaluationException if it is something else, or cannot be read
     */
    static long read(Path file, long start, Consumer<Prediction> sink) {
        try (var channel = InputFile.open(file)) {
            return end(read(file, channel, start, sink), start);
        } catch (IOException e) {
            throw new EvaluationException(file + " cannot be read (" + e + ").", e);
        }
    }

    private static List<Line> read(Path file, FileChannel channel, long start, Consumer<Prediction> earlier)
            throws IOException {
        var lines = new WholeLines(channel, start);
        var found = new ArrayList<Line>();
        long number = 1;
        try {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                var prediction = Prediction.of(JSON.readTree(line.get()));
                earlier.accept(prediction);
                found.add(new Line(prediction.example(), end(found, start), line.get().length));
                number++;
            }
            return found;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new EvaluationException(file + (start == 0 ? ":" + number : "") + ": expected a prediction as trm eval "
                    + "writes it, found something else; delete the line, or start anew in another folder.", e);
        }
    }

    private static long end(List<Line> lines, long start) {
        return lines.isEmpty() ? start : lines.getLast().at + lines.getLast().bytes;
    }

    void add(Prediction prediction) {
        try {
            var bytes = ByteBuffer.wrap((prediction.json() + "\n").getBytes(StandardCharsets.UTF_8));
            lines.add(new Line(prediction.example(), end(lines, 0), bytes.remaining()));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Puts the lines in the order of the puzzles, if they are not: whole, or not at all. None are added after that. */
    void sort() {
        var sorted = lines.stream().sorted(Comparator.comparingInt(Line::example)).toList();
        if (sorted.equals(lines)) {
            return;
        }
        try {
            AtomicFile.write(file, to -> {
                for (var line : sorted) {
                    for (long done = 0; done < line.bytes;) {
                        done += channel.transferTo(line.at + done, line.bytes - done, to);
                    }
                }
            });
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
