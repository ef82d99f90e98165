package trm4j.model.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as {@code torch.save} lays them out, right or wrong, instruction by instruction. */
final class TorchFile {

    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    final Map<String, byte[]> records = new LinkedHashMap<>();

    TorchFile() {
        code(0x80, 2);
    }

    TorchFile code(int... codes) {
        for (int code : codes) {
            pickle.write(code);
        }
        return this;
    }

    TorchFile int32(int number) {
        pickle.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
        return this;
    }

    TorchFile raw(byte[] bytes) {
        pickle.writeBytes(bytes);
        return this;
    }

    TorchFile text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return code('X').int32(bytes.length).raw(bytes);
    }

    TorchFile number(long number) {
        return code(0x8a, 8).raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
    }

    TorchFile global(String module, String name) {
        return code('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    TorchFile tuple(long... numbers) {
        code('(');
        for (long number : numbers) {
            number(number);
        }
        return code('t');
    }

    /** A tensor in a storage of 32-bit floats under a key. */
    TorchFile tensor(String key, long elements, long offset, long[] shape, long... strides) {
        return tensor("FloatStorage", key, elements, offset, shape, strides);
    }

    TorchFile tensor(String storage, String key, long elements, long offset, long[] shape, long... strides) {
        global("torch._utils", "_rebuild_tensor_v2").code('(', '(').text("storage").global("torch", storage).text(key)
                .text("cpu").number(elements).code('t', 'Q').number(offset);
        return tuple(shape).tuple(strides).code(0x89).global("collections", "OrderedDict").code(')', 'R', 't', 'R');
    }

    /** A dictionary with one entry, whose value was pickled since. */
    byte[] only(String key) {
        var value = pickle.toByteArray();
        pickle.reset();
        code(0x80, 2, '}').text(key).raw(Arrays.copyOfRange(value, 2, value.length)).code('s', '.');
        return pickle.toByteArray();
    }

    TorchFile record(String key, byte[] bytes) {
        records.put("archive/data/" + key, bytes);
        return this;
    }

    static byte[] floats(float... values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    byte[] pickled() {
        return pickle.toByteArray();
    }

    /** Writes the archive of what was pickled. */
    Path write(Path file) {
        return write(file, pickled(), ZipEntry.DEFLATED);
    }

    Path write(Path file, byte[] pickle, int method) {
        var all = new LinkedHashMap<String, byte[]>();
        if (pickle != null) {
            all.put("archive/data.pkl", pickle);
        }
        all.putAll(records);
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var record : all.entrySet()) {
                var entry = new ZipEntry(record.getKey());
                if (method == ZipEntry.STORED) {
                    var checksum = new CRC32();
                    checksum.update(record.getValue());
                    entry.setCrc(checksum.getValue());
                    entry.setSize(record.getValue().length);
                    entry.setMethod(method);
                }
                zip.putNextEntry(entry);
                zip.write(record.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
