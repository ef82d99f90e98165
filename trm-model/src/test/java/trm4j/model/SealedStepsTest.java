package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;

/** Steps that the reference recorded with all that they start from: here, the second step of each run. */
class SealedStepsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden-steps");
    private static final Path FLOATS = GOLDEN.resolve("mixer-float32");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mixer-float32", "mixer-bfloat16", "attention-bfloat16"})
    void everyQuantityIsTheReferences(String run) {
        var quantities = Parity.replay(GOLDEN.resolve(run), TestDevices.cpu());
        assertAll(quantities.stream().map(q -> () -> assertTrue(q.passes(), q.toString())));
        var recorded = Safetensors.read(GOLDEN.resolve(run).resolve("after-2.safetensors")).tensors().keySet();
        assertEquals(
                recorded.stream().map(name -> "step-2 " + name).toList(),
                quantities.stream().map(Parity.Quantity::name).toList());
    }

    /** What a step starts from is what was recorded, each of it: other numbers show where they must. */
    @Test
    void theRecordedStateIsSet() throws IOException {
        for (var changed : List.of(
                Map.of(
                        "m.inner.lm_head.weight", "m.inner.lm_head.weight",
                        "v.inner.q_head.bias", "v.inner.q_head.bias",
                        "ema.inner.q_head.weight", "ema.inner.q_head.weight", "weights.inner.puzzle_emb.weights",
                        "weights.inner.puzzle_emb.weights", "carry.steps", "carry.steps", "carry.puzzle_identifiers",
                        "carry.puzzle_identifiers", "carry.labels", "loss"),
                Map.of(
                        "weights.inner.lm_head.weight", "logits", "carry.z_H", "carry.z_H", "carry.inputs",
                        "carry.inputs"),
                Map.of("carry.z_L", "carry.z_L", "carry.halted", "carry.steps"))) {
            copy();
            for (var name : changed.keySet()) {
                change(folder.resolve("before-2.safetensors"), name, SealedStepsTest::others);
            }
            var failed = Parity.replay(folder, TestDevices.cpu()).stream()
                    .filter(q -> !q.passes())
                    .map(q -> q.name().substring("step-2 ".length()))
                    .toList();
            assertTrue(failed.containsAll(changed.values()), changed + " shows in " + failed);
        }
    }

    /** Returns other numbers; where they are whole, others from 0 up. */
    private static float[] others(float[] values) {
        for (int i = 0; i < values.length; i++) {
            boolean whole = values[i] == Math.rint(values[i]);
            values[i] = whole && values[i] != 0 ? values[i] < 0 ? 1 : values[i] - 1 : 1.5f * values[i];
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"L_cycles\": 2->L_cycles\": 3", "1e-05->1e-04", "min_ratio\": 1.0->min_ratio\": 0.1"})
    void anotherTrainingIsOutOfTolerance(String change) throws IOException {
        copy();
        var sides = change.split("->");
        edit("config.json", text -> text.replace(sides[0], sides[1]).replace("warmup_steps\": 3", "warmup_steps\": 1"));
        assertTrue(Parity.replay(folder, TestDevices.cpu()).stream().anyMatch(q -> !q.passes()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"after-2\"->{\"after-1\" | spread.json: expected the spread of steps up to after-2, found [after-1]; ",
        "\"logits\"->\"locits\" | after-2.safetensors: expected tensor locits, found none; ",
        "\"logits\":->\"loss\": 0, \"a\": | after-2.safetensors: expected tensor a, found none; ",
        "\"preds\": 0.0,-> | spread.json: expected a number of at least 0 for preds under after-2, found none; ",
        "\"preds\": 0.0->\"preds\": -1 | expected a number of at least 0 for preds under after-2, found -1; ",
        "\"preds\": 0.0->\"preds\": null | expected a number of at least 0 for preds under after-2, found null; ",
        "{\"after-2\"->[\"after-2\" | is not a recorded run: expected spread.json in it"
    })
    void aSpreadThatIsNotWholeIsRefused(String change, String refusal) throws IOException {
        copy();
        var sides = change.split("->", 2);
        edit("spread.json", text -> text.replaceAll("\\s+", " ").replace("{ \"", "{\"").replace(sides[0], sides[1]));
        refuses(refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "spread.json | is not a recorded run: expected spread.json in it",
        "before-2.safetensors | before-2.safetensors cannot be read: ",
        "after-2.safetensors | after-2.safetensors cannot be read: "
    })
    void aRecordingThatLacksAFileIsRefused(String file, String refusal) throws IOException {
        copy();
        Files.delete(folder.resolve(file));
        refuses(refusal);
    }

    @Test
    void aFileThatWasCutOffIsRefused() throws IOException {
        copy();
        var file = folder.resolve("before-2.safetensors");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100_000));
        refuses("before-2.safetensors is not a whole safetensors file");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "m.inner.lm_head.weight", "weights.inner.H_init", "carry.z_L", "carry.steps", "batch.labels"
    })
    void aStateThatLacksATensorIsRefused(String name) throws IOException {
        copy();
        change(folder.resolve("before-2.safetensors"), name, values -> null);
        refuses("expected tensor " + name.replaceFirst("^(m|weights)\\.", ""));
    }

    @Test
    void formatsToComeAreRefused() throws IOException {
        copy();
        edit("config.json", text -> text.replace("\"format\": 2", "\"format\": 3"));
        refuses("config.json: expected format 1 or 2, found 3; ");
    }

    private void refuses(String sentence) {
        var refusal = assertThrows(CheckpointException.class, () -> Parity.replay(folder, TestDevices.cpu()));
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
    }

    private void copy() throws IOException {
        try (var files = Files.list(FLOATS)) {
            for (var file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void edit(String file, UnaryOperator<String> change) throws IOException {
        var text = Files.readString(folder.resolve(file));
        Files.writeString(folder.resolve(file), change.apply(text));
    }

    /** Changes a tensor's values in place, or takes it out. */
    private static void change(Path file, String name, UnaryOperator<float[]> change) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>(Safetensors.read(file).tensors());
        if (change.apply(tensors.get(name).values()) == null) {
            tensors.remove(name);
        }
        new Safetensors(tensors, Map.of()).write(file);
    }
}
