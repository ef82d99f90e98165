package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.model.Checkpoint;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;

/** Safetensors that other programs write, which do not say what architecture they are for; and what is guessed then. */
class ForeignSafetensorsTest {

    private static final Path GOLDEN = Path.of("../trm-model/src/test/resources/golden");
    private static final String CONFIG = """
            arch: {mlp_t: true, hidden_size: 32, h_cycles: 3, l_cycles: 2, num_heads: 2, puzzle_emb_ndim: 32,
              puzzle_emb_len: 4, pos_encodings: none, halt_max_steps: 3, seq_len: 16}
            """;
    private static final String GUESSED = "arch.h_cycles, arch.l_cycles, arch.halt_max_steps, arch.num_heads, "
            + "arch.pos_encodings were guessed from the paper";

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Rounded to the type asked for, computed here by the definition of each. */
    @ParameterizedTest
    @CsvSource({"F32, ''", "F16, model.", "BF16, _orig_mod.model."})
    void areImportedWhateverTheirTypeAndPrefix(String type, String prefix) throws IOException {
        var weights = golden();
        write("x.safetensors", type, prefix, weights, null);
        Files.writeString(dir.resolve("config.yaml"), CONFIG);
        run(0, "import DIR/x.safetensors --config DIR/config.yaml --no-guess --out DIR/model.safetensors");
        var model = Checkpoint.load(dir.resolve("model.safetensors"));
        assertEquals(weights.keySet(), model.tensors().keySet());
        weights.forEach((name, tensor) -> {
            var expected = tensor.values().clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] = switch (type) {
                    case "F16" -> Float.float16ToFloat(Float.floatToFloat16(expected[i]));
                    case "BF16" -> Float.intBitsToFloat(Float.floatToRawIntBits(expected[i]) & 0xFFFF0000);
                    default -> expected[i];
                };
            }
            assertArrayEquals(expected, model.tensors().get(name).values(), name);
        });
        run(0, "solve DIR/model.safetensors 1.3.3..22..4.4.1 --steps 1");
        assertFalse(out.toString().contains("guessed"), out.toString());
    }

    @Test
    void areToldFromDamagedFilesWhereAModelIsExpected() throws IOException {
        write("x.safetensors", "F32", "model.", golden(), Map.of("format", "pt"));
        Files.writeString(dir.resolve("config.yaml"), CONFIG);
        for (var command : List.of(
                "eval DIR/x.safetensors --data DIR/config.yaml", "solve DIR/x.safetensors 1.3.3..22..4.4.1",
                "export DIR/x.safetensors DIR/x.pt", "config DIR/x.safetensors",
                "train DIR/config.yaml --init DIR/x.safetensors --out DIR/run")) {
            run(1, command);
            var said = err.toString();
            assertTrue(said.contains("does not say which architecture its ")
                    && said.contains("trm import " + dir.resolve("x.safetensors") + " --out"), said);
        }
        Files.copy(GOLDEN.resolve("mlp-mixer/initial.pt"), dir.resolve("step_12"));
        run(1, "solve DIR/step_12 1.3.3..22..4.4.1");
        assertTrue(err.toString().contains("trm import " + dir.resolve("step_12")), err.toString());
        run(1, "train DIR/config.yaml --init DIR/none --out DIR/run");
        assertTrue(err.toString().contains("No checkpoint at " + dir.resolve("none")), err.toString());
    }

    @Test
    void ofOtherModelsAreRefusedByWhatTheyHave() throws IOException {
        write("x.safetensors", "F32", "bert.", Map.of("pooler.weight", golden().get("inner.H_init")), null);
        run(1, "import DIR/x.safetensors --out DIR/model.safetensors");
        assertTrue(err.toString().contains("has no weights of a TRM: expected tensors named inner.*, with or without a "
                + "prefix such as model., found bert.pooler.weight."), err.toString());
        Files.writeString(dir.resolve("x.safetensors"), "not one");
        run(1, "import DIR/x.safetensors --out DIR/model.safetensors");
        assertTrue(err.toString().contains("is not a whole safetensors file"), err.toString());
    }

    @Test
    void whatIsGuessedIsToldWhereverTheModelIsUsed() throws IOException {
        write("x.safetensors", "F32", "", golden(), null);
        run(0, "import DIR/x.safetensors --out DIR/model.safetensors");
        run(0, "solve DIR/model.safetensors 1.3.3..22..4.4.1 --steps 1");
        assertTrue(out.toString().contains(GUESSED), out.toString());
        run(0, "config DIR/model.safetensors");
        assertTrue(out.toString().contains("# ") && out.toString().contains(GUESSED)
                && out.toString().contains("hidden_size: 32"), out.toString());
        run(0, "data sudoku --size 4 --train 0 --test 1 --out DIR/four");
        run(0, "import DIR/model.safetensors --data DIR/four --out DIR/one.safetensors");
        run(0, "eval DIR/one.safetensors --data DIR/four --steps 1 --out DIR/e");
        assertTrue(out.toString().contains(GUESSED), out.toString());
        run(0, "export DIR/model.safetensors DIR/model.pt");
        assertTrue(out.toString().contains(GUESSED), out.toString());

        // It is still a guess after a way there and back, or for other data; until a configuration says it.
        run(0, "import DIR/model.pt --out DIR/again.safetensors");
        assertEquals(-1, Files.mismatch(dir.resolve("model.safetensors"), dir.resolve("again.safetensors")));
        run(1, "import DIR/model.safetensors --no-guess --out DIR/sure.safetensors");
        Files.writeString(dir.resolve("config.yaml"), CONFIG);
        run(0, "import DIR/model.safetensors --config DIR/config.yaml --out DIR/sure.safetensors");
        var sure = Checkpoint.load(dir.resolve("sure.safetensors"));
        assertEquals(Optional.empty(), sure.remark());
        assertEquals(2, sure.config().lCycles());
    }

    private static Map<String, HostTensor> golden() {
        return Safetensors.read(GOLDEN.resolve("mlp-mixer/initial.safetensors")).tensors();
    }

    /** Writes a file by the format's definition. */
    private void write(
            String file, String type, String prefix, Map<String, HostTensor> tensors, Map<String, String> metadata)
            throws IOException {
        var json = new ObjectMapper().createObjectNode();
        if (metadata != null) {
            metadata.forEach(json.putObject("__metadata__")::put);
        }
        int size = type.equals("F32") ? 4 : 2;
        int at = 0;
        for (var entry : tensors.entrySet()) {
            var values = entry.getValue();
            var node = json.putObject(prefix + entry.getKey()).put("dtype", type);
            for (int dimension : values.shape()) {
                node.withArrayProperty("shape").add(dimension);
            }
            int end = at + size * values.values().length;
            node.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        var header = new ObjectMapper().writeValueAsBytes(json);
        var bytes = ByteBuffer.allocate(8 + header.length + at).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        for (var tensor : tensors.values()) {
            for (float value : tensor.values()) {
                switch (type) {
                    case "F16" -> bytes.putShort(Float.floatToFloat16(value));
                    case "BF16" -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                    default -> bytes.putFloat(value);
                }
            }
        }
        Files.write(dir.resolve(file), bytes.array());
    }

    private void run(int status, String command) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        assertEquals(
                status, Commands.run(out, err, command.replace("DIR", dir.toString()).split(" +")),
                command + ": " + out + err);
    }
}
