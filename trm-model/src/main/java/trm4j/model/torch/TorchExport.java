package trm4j.model.torch;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import trm4j.kernels.Bfloat16;
import trm4j.model.Checkpoint;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.CheckpointException;

/**
 * Writes weights as {@code torch.save} writes a state dict: {@code torch.load(FILE, weights_only=True)} reads it, and
 * the authors' models take it by its names. The configuration goes along in a record that PyTorch does not look at.
 */
public final class TorchExport {

    /** What the authors' script saves names with: a compiled model within a loss head. */
    static final String PREFIX = "_orig_mod.model.";
    static final String RECORDED = "trm4j.json";

    private static final String FOLDER = "archive/";
    /** Where PyTorch puts the bytes of storages, so that they can be mapped. */
    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 18;
    /** Any after the format's first will do, but the same model gives the same file. */
    private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    /** How numbers are written. */
    public enum Type {
        F32("FloatStorage", 4) {
            @Override
            void put(ByteBuffer bytes, float value) {
                bytes.putFloat(value);
            }
        },
        /** Rounded to nearest, ties to even. */
        BF16("BFloat16Storage", 2) {
            @Override
            void put(ByteBuffer bytes, float value) {
                bytes.putShort(Bfloat16.of(value));
            }
        };

        final String storage;
        final int bytes;

        Type(String storage, int bytes) {
            this.storage = storage;
            this.bytes = bytes;
        }

        abstract void put(ByteBuffer bytes, float value);
    }

    private final Type type;
    private final Position out;
    private final ZipOutputStream zip;

    private TorchExport(Type type, OutputStream out) {
        this.type = type;
        this.out = new Position(new BufferedOutputStream(out, CHUNK));
        this.zip = new ZipOutputStream(this.out);
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @throws CheckpointException if it cannot be written
     */
    public static void write(Checkpoint checkpoint, Type type, Path file) {
        try {
            AtomicFile.write(file, channel ->
                    new TorchExport(type, Channels.newOutputStream(channel)).write(checkpoint));
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private void write(Checkpoint checkpoint) throws IOException {
        record("data.pkl", new StateDictPickle(type.storage).write(PREFIX, checkpoint.tensors()));
        record("byteorder", "little");
        record(RECORDED, checkpoint.configuration());
        int key = 0;
        for (var tensor : checkpoint.tensors().values()) {
            record("data/" + key++, tensor.values());
        }
        record("version", "3\n");
        zip.finish();
        out.flush();
    }

    private void record(String name, String text) throws IOException {
        record(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void record(String name, byte[] bytes) throws IOException {
        var checksum = new CRC32();
        checksum.update(bytes);
        begin(name, bytes.length, checksum);
        zip.write(bytes);
        zip.closeEntry();
    }

    private void record(String name, float[] values) throws IOException {
        var checksum = new CRC32();
        convert(values, (bytes, count) -> checksum.update(bytes, 0, count));
        begin(name, (long) values.length * type.bytes, checksum);
        convert(values, (bytes, count) -> zip.write(bytes, 0, count));
        zip.closeEntry();
    }

    private interface Sink {
        void take(byte[] bytes, int count) throws IOException;
    }

    private void convert(float[] values, Sink sink) throws IOException {
        var chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int taken = 0;
        while (taken < values.length) {
            chunk.clear();
            while (chunk.hasRemaining() && taken < values.length) {
                type.put(chunk, values[taken++]);
            }
            sink.take(chunk.array(), chunk.position());
        }
    }

    /** Begins a record that is stored as it is, its bytes where PyTorch would have them. */
    private void begin(String name, long size, CRC32 checksum) throws IOException {
        var entry = new ZipEntry(FOLDER + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        entry.setCompressedSize(size);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(TIME);
        long header = 30 + entry.getName().length() + (size >= 0xFFFF_FFFFL ? 20 : 0) + 4;
        int padding = (int) Math.floorMod(-(out.at + header), (long) ALIGNMENT);
        entry.setExtra(ByteBuffer.allocate(4 + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'F')
                .put((byte) 'B')
                .putShort((short) padding)
                .array());
        zip.putNextEntry(entry);
    }

    /** Knows how many bytes were written. */
    private static final class Position extends FilterOutputStream {

        private long at;

        Position(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            at++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            at += count;
        }
    }
}
