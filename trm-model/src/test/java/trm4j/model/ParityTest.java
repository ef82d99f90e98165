package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.Safetensors;

/** Runs that the reference recorded, replayed. */
class ParityTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @ParameterizedTest
    @ValueSource(strings = {"mlp-mixer", "attention-rope", "attention-learned"})
    void everyQuantityIsTheReferences(String run) {
        var quantities = Parity.replay(GOLDEN.resolve(run), TestDevices.cpu());
        assertAll(quantities.stream().map(q -> () -> assertTrue(q.passes(), q.toString())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp-mixer", "attention-rope", "attention-learned"})
    void everyRecordedTensorIsCompared(String run) {
        var compared = Parity.replay(GOLDEN.resolve(run), TestDevices.cpu()).stream()
                .map(Parity.Quantity::name)
                .toList();
        for (int step = 1; step <= 6; step++) {
            for (var name : Safetensors.read(GOLDEN.resolve(run).resolve("step-" + step + ".safetensors"))
                    .tensors().keySet()) {
                assertTrue(name.startsWith("batch.") || compared.contains("step-" + step + " " + name), name);
            }
        }
        var last = Safetensors.read(GOLDEN.resolve(run).resolve("final.safetensors")).tensors().keySet();
        assertAll(last.stream().map(name -> () -> assertTrue(compared.contains("final " + name), name)));
        assertEquals(compared.size(), compared.stream().distinct().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp-mixer", "attention-rope", "attention-learned"})
    void recomputingGivesTheSameToTheBit(String run, @TempDir Path folder) throws IOException {
        var kept = Parity.replay(GOLDEN.resolve(run), TestDevices.cpu());
        copy(GOLDEN.resolve(run), folder);
        change(folder.resolve("config.json"), "\"train\": {->\"train\": {\"recompute\": \"all\",");
        assertEquals(kept, Parity.replay(folder, TestDevices.cpu()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"L_cycles\": 2->\"L_cycles\": 3", "1e-05->1e-03", "\"beta2\": 0.95->\"beta2\": 0.9"})
    void anotherModelIsOutOfTolerance(String change, @TempDir Path folder) throws IOException {
        copy(GOLDEN.resolve("mlp-mixer"), folder);
        change(folder.resolve("config.json"), change);
        assertTrue(Parity.replay(folder, TestDevices.cpu()).stream().anyMatch(q -> !q.passes()));
    }

    @Test
    void recordingsThatLackATensorAreRefused(@TempDir Path folder) throws IOException {
        copy(GOLDEN.resolve("mlp-mixer"), folder);
        var file = folder.resolve("step-1.safetensors");
        var tensors = new HashMap<>(Safetensors.read(file).tensors());
        tensors.remove("logits");
        new Safetensors(tensors, Map.of()).write(file);
        var refusal = assertThrows(CheckpointException.class, () -> Parity.replay(folder, TestDevices.cpu()));
        assertTrue(refusal.getMessage().contains("expected tensor logits, found none"), refusal.getMessage());
    }

    private static void change(Path file, String change) throws IOException {
        var sides = change.split("->");
        var text = Files.readString(file);
        Files.writeString(file, text.replace(sides[0], sides[1]));
        assertFalse(Files.readString(file).equals(text));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
