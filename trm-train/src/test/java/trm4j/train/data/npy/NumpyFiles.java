package trm4j.train.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;
import trm4j.train.data.Split;

/** Files as numpy and the reference write them, made byte by byte, without the code under test. */
public final class NumpyFiles {

    private NumpyFiles() {}

    /** A version 1.0 file whose header takes 128 bytes in all. */
    public static byte[] npy(String descr, String shape, int bytes, long... values) {
        var dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
        var file = ByteBuffer.allocate(128 + bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        file.put((dictionary + " ".repeat(117 - dictionary.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (long value : values) {
            for (int shift = 0; shift < bytes; shift++) {
                file.put((byte) (value >> 8 * shift));
            }
        }
        return file.array();
    }

    public static byte[] ints(long... values) {
        return npy("<i4", "(" + values.length + ",)", 4, values);
    }

    /** Seven examples of three tokens: group 0 is puzzles 0 (2 examples) and 1 (1 example), group 1 is puzzle 2 (4). */
    public static Map<String, byte[]> dataset() {
        var tokens = LongStream.range(0, 21).map(i -> i / 3).toArray();
        return Map.of(
                "dataset.json", """
                        {"pad_id": 0, "ignore_label_id": 6, "blank_identifier_id": 0, "vocab_size": 8, "seq_len": 3,
                         "num_puzzle_identifiers": 4, "total_groups": 2, "mean_puzzle_examples": 2.3333333333333335,
                         "sets": ["all"], "made_by": "hand"}""".getBytes(StandardCharsets.UTF_8),
                "all__inputs.npy", npy("|u1", "(7, 3)", 1, tokens),
                "all__labels.npy", npy("|u1", "(7, 3)", 1, tokens),
                "all__puzzle_identifiers.npy", ints(1, 2, 3),
                "all__puzzle_indices.npy", ints(0, 2, 3, 7),
                "all__group_indices.npy", ints(0, 2, 3));
    }

    public static Path write(Path dir, Split split, Map<String, byte[]> files) throws IOException {
        var folder = Files.createDirectories(dir.resolve(split.toString()));
        for (var file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        return dir;
    }
}
