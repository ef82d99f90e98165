package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;
import trm4j.model.net.Parameters;

/** What is saved, whole or not at all, and what is refused. */
class CheckpointTest {

    private static final TrmConfig CONFIG = TrmConfig.PAPER.forPuzzles(4, 5, 3);

    @TempDir
    private Path folder;

    @Test
    void whatIsSavedIsLoaded() {
        var file = folder.resolve("model.safetensors");
        var tensors = new Parameters(CONFIG).initialize(1);
        new Checkpoint(CONFIG, TrainConfig.PAPER, 42, tensors).save(file);
        var loaded = Checkpoint.load(file);
        assertEquals(CONFIG, loaded.config());
        assertEquals(TrainConfig.PAPER, loaded.train());
        assertEquals(42, loaded.step());
        assertEquals(tensors.keySet(), loaded.tensors().keySet());
        tensors.forEach((name, tensor) -> {
            assertArrayEquals(tensor.shape(), loaded.tensors().get(name).shape());
            assertArrayEquals(tensor.values(), loaded.tensors().get(name).values());
        });
    }

    @Test
    void whatWasGuessedIsSavedAndSaid() throws IOException {
        var file = folder.resolve("model.safetensors");
        var model = new Checkpoint(CONFIG, TrainConfig.PAPER, 42, new Parameters(CONFIG).initialize(1))
                .withGuessed(List.of("seq_len", "num_heads"));
        model.save(file);
        assertEquals(model.guessed(), Checkpoint.load(file).guessed());
        assertEquals(
                "When the model was imported, arch.seq_len, arch.num_heads were guessed from the paper; if that is"
                        + " wrong, so are the answers, and trm import --config mends it.",
                Checkpoint.describe(file).remark().orElseThrow());
        assertEquals(Map.of(), Checkpoint.describe(file).tensors());
        assertEquals(Optional.empty(), new Checkpoint(CONFIG, TrainConfig.PAPER, 1, Map.of()).remark());
        for (var wrong : List.of("[1]", "[\"none\"]", "{}", "3", "[[\"seq_len\"]]")) {
            var json = Settings.MAPPER.readTree(wrong);
            assertThrows(CheckpointException.class, () -> Checkpoint.guessed(json, file), wrong);
        }
    }

    @Test
    void rowsOfAnotherNumberAreTheMean() {
        var rows = new float[3 * 512];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (i / 512) * (i / 512) + i % 512;
        }
        var two = new HostTensor(new int[] {3, 512}, rows).meanRows(2);
        assertArrayEquals(new int[] {2, 512}, two.shape());
        for (int i = 0; i < 1024; i++) {
            assertEquals(5.0 / 3 + i % 512, two.values()[i], 1e-4);
        }
    }

    @Test
    void aZipArchiveIsCalledWhatItIs() throws IOException {
        var file = Files.write(folder.resolve("step_100"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0});
        var refusal = assertThrows(CheckpointException.class, () -> Checkpoint.load(file)).getMessage();
        assertTrue(refusal.contains("is a zip archive") && refusal.contains("trm import " + file), refusal);
    }

    @Test
    void aTypeThatIsNotKnownIsNamed() throws IOException {
        var header = "{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        var bytes = ByteBuffer.allocate(9 + header.length()).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length())
                .put(header.getBytes());
        var file = Files.write(folder.resolve("x.safetensors"), bytes.array());
        var refusal = assertThrows(CheckpointException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(refusal.contains("tensor x: expected one of the types [F64,")
                && refusal.endsWith("found \"F8_E4M3\"; save it as F32."), refusal);
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 3", "4, 0, 3", "4, 5, 0"})
    void aModelForPuzzlesOfNoSizeIsRefused(int seqLen, int vocabSize, int identifiers) {
        var file = folder.resolve("model.safetensors");
        var config = TrmConfig.PAPER.forPuzzles(seqLen, vocabSize, identifiers);
        new Checkpoint(config, TrainConfig.PAPER, 0, new Parameters(CONFIG).initialize(1)).save(file);
        var refusal = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertEquals(
                file + " does not say of what sizes its puzzles are: expected seq_len, vocab_size and"
                        + " num_puzzle_identifiers of at least 1 in its metadata, found " + seqLen + ", " + vocabSize
                        + " and " + identifiers + ".",
                refusal.getMessage());
    }

    @Test
    void anExpansionThatRoundsAWidthToNothingIsRefusedByName() {
        var small = Settings.read(
                TrmConfig.PAPER, Settings.MAPPER.createObjectNode().put("expansion", 1e-4), "test").forPuzzles(4, 5, 3);
        var refusal = assertThrows(ConfigException.class, () -> new Parameters(small));
        assertEquals(
                "arch.expansion: expected a SwiGLU width of at least 1 and below 2^30 for 20 inputs, found 1.0E-4.",
                refusal.getMessage());
    }

    @Test
    void firstWeightsAreCutNormals() {
        var weights = new Parameters(CONFIG).initialize(7);
        var projection = weights.get("inner.L_level.layers.1.mlp.down_proj.weight").values();
        double std = 1 / Math.sqrt(1536);
        double square = 0;
        double largest = 0;
        for (float w : projection) {
            square += w * w;
            largest = Math.max(largest, Math.abs(w));
        }
        assertEquals(std, Math.sqrt(square / projection.length), 0.01 * std);
        assertEquals(2 * std / 0.87963, largest, 0.01 * std);
        assertArrayEquals(new float[] {-5, -5}, weights.get(Parameters.Q_BIAS).values());
        assertArrayEquals(new float[2 * 512], weights.get(Parameters.Q_HEAD).values());
        assertArrayEquals(new float[3 * 512], weights.get(Parameters.PUZZLES).values());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "F64 | 8 | -2.5", "F32 | 4 | -2.5", "F16 | 2 | -2.5", "BF16 | 2 | -2.5", "I64 | 8 | -2", "I32 | 4 | -2",
        "U8 | 1 | 200"
    })
    void everyElementTypeIsReadAsFloats(String type, int bytes, float value) throws IOException {
        var data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case "F64" -> data.putDouble(value);
            case "F32" -> data.putFloat(value);
            case "F16" -> data.putShort(Float.floatToFloat16(value));
            case "BF16" -> data.putShort((short) (Float.floatToRawIntBits(value) >> 16));
            case "I64" -> data.putLong((long) value);
            case "I32" -> data.putInt((int) value);
            default -> data.put((byte) (int) value);
        }
        var file = write("{\"a\": {\"dtype\": \"%s\", \"shape\": [1, 1], \"data_offsets\": [0, %d]}}"
                .formatted(type, bytes), data.array());
        assertArrayEquals(new float[] {value}, Safetensors.read(file).tensors().get("a").values());
    }

    @Test
    void aFileThatWasCutOffAnywhereIsRefused() throws IOException {
        var whole = folder.resolve("whole");
        new Safetensors(Map.of("a", new HostTensor(new int[] {2, 3}, new float[6])), Map.of("k", "v")).write(whole);
        var bytes = Files.readAllBytes(whole);
        var cut = folder.resolve("cut");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            var refusal = assertThrows(CheckpointException.class, () -> Safetensors.read(cut));
            assertTrue(refusal.getMessage().startsWith(cut.toString()), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "not json", "[]", "{\"a\": 3}", "{\"a\": {\"dtype\": \"F8\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [-4, 0]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [70000, 70000, 70000], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"data_offsets\": [0, 4]}}"
    })
    void headersThatCannotBeAreRefused(String header) throws IOException {
        var file = write(header, new byte[4]);
        assertThrows(CheckpointException.class, () -> Safetensors.read(file));
    }

    /** Descriptions that are right one by one, and together ask for more than the file has. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'{\"a\": A, \"b\": A}' | fill 4 of the file's bytes for itself",
        "'{\"a\": A, \"a\": A}' | its header is not JSON",
        "'{\"a\": E}' | tensors to fill it, found 4 bytes more",
        "'{\"a\": D}' | shape and data_offsets of a",
    })
    void tensorsShareNoBytesAndLeaveNone(String header, String message) throws IOException {
        var file = write(header.replace("A", "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}")
                .replace("E", "{\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [0, 0]}")
                .replace("D", "{\"dtype\": \"F32\", \"shape\": [" + "1, ".repeat(64) + "1], \"data_offsets\": [0, 4]}"),
                new byte[4]);
        var refusal = assertThrows(CheckpointException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(refusal.contains(message) && refusal.length() < 1000, refusal);
    }

    /** 2^16 * 2^17 * 2^30 * 2 is 0 in 64 bits. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void productsBeyondALongAreRefused() throws IOException {
        var file = write("{\"a\": {\"dtype\": \"U8\", \"shape\": [65536, 131072, 1073741824, 2], "
                + "\"data_offsets\": [0, 0]}}", new byte[0]);
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(sparse.length() + (1L << 33));
        }
        var refusal = assertThrows(CheckpointException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(refusal.contains("a to fit the file"), refusal);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void hugeHeadersAreNotRead() throws IOException {
        var file = Files.write(folder.resolve("huge"), new byte[] {0, 0, 0, 8, 0, 0, 0, 0});
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 28);
        }
        var refusal = assertThrows(CheckpointException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(refusal.contains("a header of at most 4194304"), refusal);
    }

    @Test
    void stepsBelowNoneAreRefused() throws IOException {
        var file = folder.resolve("model");
        new Checkpoint(CONFIG, TrainConfig.PAPER, -1, Map.of()).save(file);
        var refusal = assertThrows(CheckpointException.class, () -> Checkpoint.load(file)).getMessage();
        assertTrue(refusal.contains("expected a step of at least 0, found -1"), refusal);
    }

    /** Half a billion weights for tokens, as settings have it. */
    @Test
    void settingsWithoutTheWeightsTakeNoMemory() {
        var large = TrmConfig.PAPER.forPuzzles(16, 1 << 20, 1);
        var weights = new Parameters(CONFIG).initialize(1);
        var refusal = assertThrows(CheckpointException.class, () ->
                new Solver(TestDevices.cpu(), large, TrainConfig.Loss.STABLEMAX, 1, weights)).getMessage();
        assertTrue(refusal.contains("expected tensor"), refusal);
    }

    @Test
    void aCheckpointForAnotherArchitectureIsRefused() {
        var weights = new Parameters(CONFIG).initialize(1);
        var other = new Parameters(CONFIG.forPuzzles(4, 6, 3));
        var refusal = assertThrows(CheckpointException.class, () -> other.requireAll(weights, "file"));
        assertTrue(refusal.getMessage().contains("file: expected tensor inner.embed_tokens"), refusal.getMessage());
    }

    @Test
    void aWriteThatFailsLeavesWhatWasThere() throws IOException {
        var file = folder.resolve("file");
        Files.writeString(file, "before");
        assertThrows(IOException.class, () -> AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[100]));
            throw new IOException("disk full");
        }));
        assertEquals("before", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    private Path write(String header, byte[] data) throws IOException {
        var json = header.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve("written"), bytes.array());
    }
}
