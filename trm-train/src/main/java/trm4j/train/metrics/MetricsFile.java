package trm4j.train.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import trm4j.model.file.InputFile;
import trm4j.model.file.WholeLines;
import trm4j.train.RunException;

/** Writes {@code metrics.jsonl}: a line for each step and evaluation. */
public final class MetricsFile implements AutoCloseable {

    public static final String NAME = "metrics.jsonl";

    private final Path file;
    private final FileChannel channel;
    /** Bytes up to the end of the last whole line. */
    private long end;
    private String unwritten = "";

    /**
     * Opens the file of a run, or makes it.
     *
     * @throws RunException if it cannot be written, as do all methods
     */
    public MetricsFile(Path folder) {
        file = folder.resolve(NAME);
        try {
            channel = InputFile.openToGoOn(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private RunException failed(IOException e) {
        return new RunException(file + " cannot be written: " + e.getMessage() + ".", e);
    }

    /** Adds a line; one that cannot be written is kept for {@link #unwritten}. */
    public void add(ObjectNode line) {
        unwritten += line + "\n";
        writeUnwritten();
    }

    private void writeUnwritten() {
        try {
            var bytes = ByteBuffer.wrap(unwritten.getBytes(StandardCharsets.UTF_8));
            long at = end;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            end = at;
            unwritten = "";
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Has all whole lines on the disk, and returns their bytes. */
    public long sync() {
        try {
            channel.truncate(end);
            channel.force(true);
            return end;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Returns the lines that could not be written. */
    public String unwritten() {
        return unwritten;
    }

    /** Tells whether lines are gone that were there at some time. */
    public boolean isShorterThan(long bytes) {
        try {
            return channel.size() < bytes;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Cuts off what came after a checkpoint was saved, but for that checkpoint's own evaluation.
     *
     * @param bytes its length then
     * @param unwritten lines to add
     * @return the evaluation's line, if it is there as a whole
     */
    public Optional<JsonNode> cut(long bytes, String unwritten, long step) {
        try {
            end = Math.min(channel.size(), bytes);
            var after = new WholeLines(channel, end);
            var evaluation = unwritten.isEmpty()
                    ? after.next().map(MetricsReader::parse)
                            .filter(line -> line.has("test") && line.path("step").asLong() == step)
                    : Optional.<JsonNode>empty();
            if (evaluation.isPresent()) {
                end = after.end();
            }
            channel.truncate(end);
            this.unwritten = unwritten;
            writeUnwritten();
            return evaluation;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Cuts off everything: the run begins anew. */
    public void clear() {
        try {
            channel.truncate(0);
            end = 0;
            unwritten = "";
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
