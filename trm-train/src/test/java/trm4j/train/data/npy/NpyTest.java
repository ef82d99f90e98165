package trm4j.train.data.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.train.DatasetException;

class NpyTest {

    private final Arena arena = Arena.ofShared();

    @TempDir
    private Path dir;

    @AfterEach
    void unmap() {
        arena.close();
    }

    private NpyArray map(byte[] bytes) throws IOException {
        return NpyArray.map(Files.write(dir.resolve("a.npy"), bytes), arena);
    }

    private String refusal(byte[] bytes) {
        return assertThrows(DatasetException.class, () -> map(bytes)).getMessage();
    }

    private static long[] values(NpyArray array) {
        return LongStream.range(0, array.size()).map(array::get).toArray();
    }

    /** Least and most of each type, and what its bytes are. */
    private static long[] extremes(NpyType type) {
        int bits = 8 * type.bytes;
        return type.descr.contains("u")
                ? new long[] {0, 1, (1L << bits) - 1}
                : new long[] {-1, 1, -1L << bits - 1, (1L << bits - 1) - 1};
    }

    @ParameterizedTest
    @EnumSource
    void readsExtremesOfEveryType(NpyType type) throws IOException {
        var values = extremes(type);
        var array = map(NumpyFiles.npy(type.descr, "(" + values.length + ",)", type.bytes, values));
        assertArrayEquals(values, values(array));
    }

    @ParameterizedTest
    @EnumSource
    void writesWhatNumpyWrites(NpyType type) throws IOException {
        var values = extremes(type);
        var file = dir.resolve("b.npy");
        try (var writer = NpyWriter.vector(file, type)) {
            for (long value : values) {
                writer.put(value);
            }
            writer.finish();
        }
        assertArrayEquals(NumpyFiles.npy(type.descr, "(" + values.length + ",)", type.bytes, values),
                Files.readAllBytes(file));
    }

    @Test
    void writesRowsBeyondItsBuffer() throws IOException {
        var file = dir.resolve("b.npy");
        var values = LongStream.range(0, 90_000).toArray();
        try (var writer = NpyWriter.matrix(file, NpyType.I4, 900)) {
            for (long value : values) {
                writer.put(value);
            }
            writer.finish();
        }
        assertArrayEquals(NumpyFiles.npy("<i4", "(100, 900)", 4, values), Files.readAllBytes(file));
        assertEquals(List.of(100L, 900L), NpyArray.map(file, arena).shape());
    }

    @Test
    void copiesAStretch() throws IOException {
        var array = map(NumpyFiles.npy("<u2", "(2, 3)", 2, 1, 2, 3, 4, 65535, 6));
        var to = new int[] {9, 9, 9, 9};
        array.copy(3, to, 1, 2);
        assertArrayEquals(new int[] {9, 4, 65535, 9}, to);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void readsLaterVersionsWithUnpaddedHeaders(int version) throws IOException {
        var header = "{\"shape\":(2,),'fortran_order':False,'descr':'|i1'}";
        byte length = (byte) header.length();
        var prefix = new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0, length, 0, 0, 0};
        var bytes = Arrays.copyOf(prefix, prefix.length + header.length() + 2);
        System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, bytes, prefix.length, header.length());
        bytes[bytes.length - 1] = -7;
        assertArrayEquals(new long[] {0, -7}, values(map(bytes)));
    }

    @Test
    void refusesEveryTruncation() {
        var whole = NumpyFiles.ints(1, 2);
        for (int length = 0; length < whole.length; length++) {
            var message = refusal(Arrays.copyOf(whole, length));
            assertTrue(message.contains("a.npy"), message);
            assertTrue(message.contains(length < 12 ? "not a .npy file" : "truncated"), message);
        }
    }

    @Test
    void refusesBytesAtTheEnd() {
        var whole = NumpyFiles.ints(1, 2);
        assertTrue(refusal(Arrays.copyOf(whole, whole.length + 1)).contains("has bytes at its end: expected 8 bytes"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        ">i4; '(2,)'; elements of type '>i4', expected one of |u1",
        "<f4; '(2,)'; elements of type '<f4'",
        "|O; '(2,)'; elements of type '|O'",
        "|i1; '(-1,)'; no 'shape'",
        "|i1; '2'; no 'shape'",
        "|i1; '(99999999999999999999,)'; expected whole numbers",
        "<i8; '(4294967296, 4294967296)'; which no file can hold",
        "<i8; '(9223372036854775807,)'; which no file can hold",
    })
    void refusesWhatItCannotRead(String descr, String shape, String reason) {
        var message = refusal(NumpyFiles.npy(descr, shape, 1));
        assertTrue(message.contains(reason), message);
    }

    @Test
    void refusesStructuredTypesAndFortranOrder() {
        var latin1 = StandardCharsets.ISO_8859_1;
        var plain = new String(NumpyFiles.npy("|i1", "(1,)", 1, 0), latin1);
        assertTrue(refusal(plain.replace("'|i1'", "[    ").getBytes(latin1)).contains("no 'descr'"));
        assertTrue(refusal(plain.replace("False", "True ").getBytes(latin1)).contains("Fortran order"));
    }

    @Test
    void refusesHugeHeadersAndUnknownVersions() {
        var bytes = NumpyFiles.ints(1);
        bytes[6] = 2;
        bytes[11] = (byte) 0xff;
        assertTrue(refusal(bytes).contains("truncated or damaged"));
        bytes[6] = 4;
        assertTrue(refusal(bytes).contains("format version 4"));
    }
}
