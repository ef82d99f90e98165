package trm4j.train.metrics;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trm4j.model.file.InputFile;
import trm4j.model.file.WholeLines;
import trm4j.train.RunException;

/**
 * Reads a run's {@code metrics.jsonl} again and again, each time only what is new. Where a run that goes on has cut off
 * lines, all are read anew.
 */
public final class MetricsReader {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final Sink sink;
    /** Lines that were read, and their bytes. */
    private long number;
    private long end;
    /** The last of them, with the seconds that its step took: no other one comes to be the same. */
    private byte[] last = {};

    /** Takes what is read. */
    public interface Sink {

        /** The lines so far are none of the run's any more; all come again. */
        void begin();

        /** The next line is this object. */
        void line(JsonNode line);
    }

    /** A reader of a run's folder that has read nothing yet. */
    public MetricsReader(Path run, Sink sink) {
        file = run.resolve(MetricsFile.NAME);
        this.sink = sink;
    }

    /**
     * Returns all lines of a run that are whole.
     *
     * @throws RunException if the file cannot be read, or has something else
     */
    public static List<JsonNode> lines(Path run) {
        var lines = new ArrayList<JsonNode>();
        new MetricsReader(run, new Sink() {
            @Override
            public void begin() {
                lines.clear();
            }

            @Override
            public void line(JsonNode line) {
                lines.add(line);
            }
        }).read();
        return lines;
    }

    /**
     * Reads all lines that are new and whole; the last may still be being written.
     *
     * @throws RunException if the file cannot be read, or has something else
     */
    public void read() {
        try (var channel = InputFile.open(file)) {
            if (!goesOn(channel)) {
                begin();
            }
            var whole = new WholeLines(channel, end);
            for (var line = whole.next(); line.isPresent(); line = whole.next()) {
                sink.line(parsed(line.get()));
                number++;
                last = line.get();
                end = whole.end();
            }
        } catch (NoSuchFileException e) {
            begin();
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private void begin() {
        sink.begin();
        number = 0;
        end = 0;
        last = new byte[0];
    }

    /** Tells whether the last line is still where it was. */
    private boolean goesOn(FileChannel channel) throws IOException {
        var there = ByteBuffer.allocate(last.length);
        while (there.hasRemaining()) {
            if (channel.read(there, end - there.remaining()) < 0) {
                return false;
            }
        }
        return Arrays.equals(last, there.array());
    }

    private JsonNode parsed(byte[] line) {
        var parsed = parse(line);
        if (!parsed.isObject()) {
            throw new RunException(file + " has a line that is no JSON object, line " + (number + 1)
                    + "; mend it or take it out.");
        }
        return parsed;
    }

    /** Returns nothing where it is not JSON. */
    static JsonNode parse(byte[] line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
