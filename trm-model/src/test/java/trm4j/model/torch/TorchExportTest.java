package trm4j.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trm4j.model.Checkpoint;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;

/** What is written for PyTorch; {@link PyTorchTest} has PyTorch itself read it. */
class TorchExportTest {

    static final TrmConfig CONFIG = TrmConfig.PAPER.forPuzzles(4, 5, 3);

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadToTheBit() {
        var tensors = new LinkedHashMap<>(new Parameters(CONFIG).initialize(1));
        tensors.put("inner.odd", new HostTensor(new int[] {2, 0, 3}, new float[0]));
        tensors.put("inner.number", new HostTensor(new int[0], new float[] {-0.0f}));
        tensors.put("inner.special", new HostTensor(
                new int[] {4}, new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE}));
        var file = write(tensors, TorchExport.Type.F32);
        var read = StateDictTest.read(file);
        assertEquals(tensors.keySet(), read.keySet());
        tensors.forEach((name, tensor) -> {
            assertArrayEquals(tensor.shape(), read.get(name).shape(), name);
            assertArrayEquals(tensor.values(), read.get(name).values(), name);
        });
    }

    /** Values between two numbers of bfloat16, which are 2^-7 apart from 1 to 2: halves go to the even one. */
    @Test
    void bfloat16IsRoundedToNearestEven() {
        float step = 0x1p-7f;
        float[] exact = {1 + 0.4f * step, 1 + 0.5f * step, 1 + 0.6f * step, 1 + 1.5f * step, -1 - 1.5f * step,
            Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN, 0x1p-133f, -0.0f};
        float[] rounded = {1, 1, 1 + step, 1 + 2 * step, -1 - 2 * step,
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0x1p-133f, -0.0f};
        var file = write(Map.of("inner.x", new HostTensor(new int[] {exact.length}, exact)), TorchExport.Type.BF16);
        assertArrayEquals(rounded, StateDictTest.read(file).get("inner.x").values());
    }

    /** First states too, which the authors' models hold in another type than their weights. */
    @ParameterizedTest
    @EnumSource(TorchExport.Type.class)
    void everyTensorIsOfTheTypeAskedFor(TorchExport.Type type) {
        var tensors = new Parameters(CONFIG).initialize(1);
        try (var archive = TorchArchive.open(write(tensors, type))) {
            var types = ((Map<?, ?>) archive.root()).values().stream()
                    .map(tensor -> ((TorchTensor) tensor).storage().type().name())
                    .toList();
            assertEquals(Collections.nCopies(tensors.size(), type.name()), types);
            assertTrue(tensors.containsKey(Parameters.H_INIT) && tensors.containsKey(Parameters.L_INIT));
        }
    }

    /** As {@code torch.save} does it, so that a file can be mapped. */
    @Test
    void storagesBeginAtMultiplesOf64Bytes() throws IOException {
        var tensors = new Parameters(CONFIG).initialize(1);
        var file = write(tensors, TorchExport.Type.F32);
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        // The end of the archive says where its directory is, the directory where each record's header is.
        int end = bytes.limit() - 22;
        int entry = bytes.getInt(end + 16);
        int records = bytes.getShort(end + 10);
        assertEquals(tensors.size() + 4, records);
        for (int i = 0; i < records; i++) {
            int header = bytes.getInt(entry + 42);
            assertEquals(0, bytes.getShort(header + 8), "stored as it is");
            assertEquals(0, (header + 30 + bytes.getShort(header + 26) + bytes.getShort(header + 28)) % 64);
            entry += 46 + bytes.getShort(entry + 28) + bytes.getShort(entry + 30) + bytes.getShort(entry + 32);
        }
        try (var zip = new ZipFile(file.toFile())) {
            assertEquals("3\n", new String(zip.getInputStream(zip.getEntry("archive/version")).readAllBytes()));
        }
    }

    @Test
    void theSameModelGivesTheSameFile() throws IOException {
        var first = Files.readAllBytes(write(new Parameters(CONFIG).initialize(3), TorchExport.Type.F32));
        assertArrayEquals(first, Files.readAllBytes(write(new Parameters(CONFIG).initialize(3), TorchExport.Type.F32)));
    }

    @Test
    void theConfigurationGoesAlong() {
        try (var state = StateDict.open(write(new Parameters(CONFIG).initialize(1), TorchExport.Type.F32))) {
            var recorded = state.recorded().orElseThrow();
            assertTrue(recorded.contains("\"vocab_size\":5") && recorded.contains("\"step\":7"), recorded);
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsToldAndNothingIsLeft() throws IOException {
        var target = Files.createDirectories(folder.resolve("folder.pt/full"));
        var refusal = assertThrows(CheckpointException.class, () -> TorchExport.write(
                checkpoint(Map.of()), TorchExport.Type.F32, target.getParent()));
        assertTrue(refusal.getMessage().contains("folder.pt cannot be written"), refusal.getMessage());
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    private Path write(Map<String, HostTensor> tensors, TorchExport.Type type) {
        var file = folder.resolve("model.pt");
        TorchExport.write(checkpoint(tensors), type, file);
        return file;
    }

    static Checkpoint checkpoint(Map<String, HostTensor> tensors) {
        return new Checkpoint(CONFIG, TrainConfig.PAPER, 7, tensors);
    }
}
