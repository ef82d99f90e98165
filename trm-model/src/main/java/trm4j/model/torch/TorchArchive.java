package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.InputFile;

/**
 * A file of {@code torch.save} since PyTorch 1.6: a zip archive of {@code NAME/data.pkl}, a pickle of the object, and
 * {@code NAME/data/KEY}, the bytes of each storage. Tensors are read when they are asked for.
 */
final class TorchArchive implements AutoCloseable {

    private static final int CHUNK = 1 << 20;
    /** Bytes that a record may have in any file. */
    private static final int SMALL = 1 << 16;
    /** How often the bytes of a file may be read, as for tensors that share them. */
    private static final int MOST_READS = 64;
    private static final String PICKLE = "data.pkl";
    private static final int MOST_PICKLE_BYTES = 4 << 20;
    /** As many as an array has. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;
    private static final byte[] ZIP = {'P', 'K'};

    private final TorchFileErrors errors;
    private final ZipFile zip;
    private final Map<String, ZipEntry> records = new HashMap<>();
    private final Object root;

    private final long fileSize;

    /** Bytes that the tensors may still take. */
    private long budget;
    /** Bytes that may still be read, and thrown away on the way to others. */
    private long work;

    private TorchArchive(Path file, ZipFile zip) throws IOException {
        this.errors = new TorchFileErrors(file);
        this.zip = zip;
        fileSize = Files.size(file);
        budget = largest(fileSize);
        work = MOST_READS * largest(fileSize);
        listRecords();
        var order = extra("byteorder").orElse("little").strip();
        errors.require(order.equals("little"), "numbers written by a little-endian machine", shown(order));
        root = Pickle.read(bytes(PICKLE), new TorchObjects(errors, budget / Float.BYTES), errors);
    }

    /** Returns the most memory that a file justifies: its bytes as floats, so that a small file cannot ask for much. */
    private static long largest(long fileSize) {
        return Math.max(SMALL, Float.BYTES * fileSize);
    }

    /**
     * Opens a file and reads its object, without the tensors' numbers.
     *
     * @throws CheckpointException if it cannot be read, is damaged, or has objects other than tensors and containers
     */
    static TorchArchive open(Path file) {
        try {
            requireZip(file);
            var zip = new ZipFile(file.toFile());
            try {
                return new TorchArchive(file, zip);
            } catch (IOException | RuntimeException e) {
                zip.close();
                throw e;
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new TorchFileErrors(file).expected(
                    "a zip archive", "one that cannot be read (" + e.getMessage() + ")");
        } catch (NoSuchFileException e) {
            throw new CheckpointException("There is no file " + file + ", expected one of torch.save.", e);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static void requireZip(Path file) throws IOException {
        InputFile.size(file);
        byte[] start;
        try (var in = Files.newInputStream(file)) {
            start = in.readNBytes(ZIP.length);
        }
        if (!Arrays.equals(start, ZIP)) {
            boolean pickle = start.length > 0 && start[0] == (byte) 0x80;
            throw new CheckpointException(file + " is not a zip archive as torch.save of PyTorch 1.6 or later writes "
                    + "it, " + (pickle
                            ? "but of the format before; load it with torch.load and save it again with torch.save."
                            : "so it is not a PyTorch checkpoint, or it is damaged; copy or download it again."));
        }
    }

    private void listRecords() {
        String folder = null;
        var entries = zip.entries();
        while (entries.hasMoreElements()) {
            var entry = entries.nextElement();
            var name = entry.getName();
            int slash = name.indexOf('/');
            errors.require(
                    slash > 0 && !Arrays.asList(name.split("[/\\\\]")).contains(".."),
                    "records of the name NAME/RECORD", shown(name));
            folder = folder == null ? name.substring(0, slash) : folder;
            errors.require(
                    name.startsWith(folder + "/"), "all records under " + shown(folder), shown(name));
            var twin = records.put(name.substring(slash + 1), entry);
            errors.require(twin == null, "different records", "two named " + shown(name));
        }
    }

    /** Returns the object that was saved: containers as {@link Pickle} has them, and {@link TorchTensor}s. */
    Object root() {
        return root;
    }

    /** Returns a record that is text, beside those that are the object's. */
    Optional<String> extra(String name) {
        return records.containsKey(name)
                ? Optional.of(new String(bytes(name), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /**
     * Returns a tensor's numbers, row by row.
     *
     * @throws CheckpointException if its storage is not there or not whole, or the tensors read so far are larger than
     *     a file of this size can justify
     */
    HostTensor read(TorchTensor tensor) {
        var storage = tensor.storage();
        var type = storage.type();
        var record = record("data/" + storage.key());
        long size = record.getSize();
        errors.require(
                size % type.bytes() == 0 && size / type.bytes() == storage.elements(),
                "storage " + shown(storage.key()) + " of " + storage.elements() + " elements of " + type,
                size + " bytes");
        budget -= Float.BYTES * tensor.size();
        errors.require(
                budget >= 0 && tensor.size() <= MOST_ELEMENTS, "tensors that a file of its size can hold",
                "more, with a tensor of " + tensor.size() + " elements");
        var values = new float[(int) tensor.size()];
        if (values.length > 0) {
            long from = tensor.offset() * type.bytes();
            long to = from + tensor.span() * type.bytes();
            if (tensor.contiguous()) {
                read(record, from, to, (part, at, count) ->
                        type.copy(part, 0, values, (int) (at / type.bytes()), count / type.bytes()));
            } else {
                try (var arena = Arena.ofConfined()) {
                    var span = arena.allocate(to - from);
                    read(record, from, to, (part, at, count) -> MemorySegment.copy(part, 0, span, at, count));
                    gather(tensor, span, values);
                }
            }
        }
        return new HostTensor(tensor.shape(), values);
    }

    /** Picks a tensor's elements out of the part of its storage that they lie in. */
    private static void gather(TorchTensor tensor, MemorySegment span, float[] values) {
        var type = tensor.storage().type();
        var shape = tensor.shape();
        var index = new int[shape.length];
        long at = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = type.at(span, at * type.bytes());
            for (int d = shape.length - 1; d >= 0; d--) {
                at += tensor.strides()[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                at -= shape[d] * tensor.strides()[d];
                index[d] = 0;
            }
        }
    }

    private byte[] bytes(String name) {
        var record = record(name);
        errors.require(
                record.getSize() <= MOST_PICKLE_BYTES, name + " of at most " + MOST_PICKLE_BYTES + " bytes",
                record.getSize());
        var bytes = new byte[(int) record.getSize()];
        read(record, 0, bytes.length, (part, at, count) ->
                MemorySegment.copy(part, 0, MemorySegment.ofArray(bytes), at, count));
        return bytes;
    }

    private ZipEntry record(String name) {
        var record = records.get(name);
        errors.require(record != null, "a record " + shown(name), "none");
        long size = record.getSize();
        boolean fits = record.getMethod() == ZipEntry.STORED
                ? size == record.getCompressedSize() && size <= fileSize
                : size <= largest(fileSize);
        errors.require(size >= 0 && fits, "record " + shown(name) + " to fit the file's " + fileSize + " bytes", size);
        return record;
    }

    /** Takes bytes of a record, from the first to the last. */
    private interface Sink {
        void take(MemorySegment part, long at, int count);
    }

    private void read(ZipEntry record, long from, long to, Sink sink) {
        work -= record.getMethod() == ZipEntry.STORED ? to - from : to;
        errors.require(work >= 0, "records that are each read a few times", "tensors that need more");
        var chunk = new byte[(int) Math.min(CHUNK, to - from)];
        var part = MemorySegment.ofArray(chunk);
        var checksum = new CRC32();
        try (InputStream in = zip.getInputStream(record)) {
            in.skipNBytes(from);
            for (long at = from; at < to; at += CHUNK) {
                int count = (int) Math.min(CHUNK, to - at);
                errors.require(
                        in.readNBytes(chunk, 0, count) == count,
                        record.getSize() + " bytes of " + shown(record.getName()), "fewer");
                checksum.update(chunk, 0, count);
                sink.take(part, at - from, count);
            }
        } catch (IOException e) {
            throw errors.expected(
                    "record " + shown(record.getName()), "one that cannot be read (" + e.getMessage() + ")");
        }
        // PyTorch can be told not to compute checksums, and then writes 0.
        errors.require(
                to - from < record.getSize() || record.getCrc() == 0 || record.getCrc() == checksum.getValue(),
                "the checksum of " + shown(record.getName()) + " to be right", "other bytes");
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
