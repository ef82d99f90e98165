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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;

/** Files of {@code torch.save}: what PyTorch itself wrote, and what is put together by hand. */
class StateDictTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"mlp-mixer, initial.pt", "attention-rope, initial-bf16.pt"})
    void whatTheAuthorsSavedIsReadToTheBit(String run, String name) {
        var expected = Safetensors.read(GOLDEN.resolve(run).resolve("initial.safetensors")).tensors();
        var found = read(GOLDEN.resolve(run).resolve(name));
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((key, tensor) -> {
            assertArrayEquals(tensor.shape(), found.get(key).shape(), key);
            boolean rounded = name.contains("bf16") && key.endsWith("_init");
            assertArrayEquals(tensor.values(), found.get(key).values(), rounded ? 0.01f : 0, key);
        });
    }

    /** Bytes of two elements, 1 and the one named, little-endian. */
    @ParameterizedTest
    @CsvSource({
        "DoubleStorage, 000000000000f03f00000000000004c0, -2.5", "FloatStorage, 0000803f000020c0, -2.5",
        "HalfStorage, 003c00c1, -2.5", "BFloat16Storage, 803f20c0, -2.5",
        "LongStorage, 0100000000000000feffffffffffffff, -2", "IntStorage, 01000000feffffff, -2",
        "ShortStorage, 0100feff, -2", "CharStorage, 01fe, -2", "ByteStorage, 01fe, 254", "BoolStorage, 0100, 0"
    })
    void everyTypeIsReadAsFloats(String storage, String hex, float second) {
        var file = new TorchFile().tensor(storage, "0", 2, 0, new long[] {2}, 1)
                .record("0", HexFormat.of().parseHex(hex));
        assertArrayEquals(new float[] {1, second}, one(file).values());
    }

    /** Views of the storage 0, 1, .. 11; what numpy gives for them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 3 4 | 4 1 | 0 1 2 3 4 5 6 7 8 9 10 11", // as it is
        "0 | 4 3 | 1 4 | 0 4 8 1 5 9 2 6 10 3 7 11", // transposed
        "5 | 2 2 | 4 1 | 5 6 9 10", // sliced
        "1 | 3 2 | 4 2 | 1 3 5 7 9 11", // every other
        "6 | 6 | 1 | 6 7 8 9 10 11", // a part
        "2 | 2 3 | 0 1 | 2 3 4 2 3 4", // expanded
        "3 | 2 2 | 0 0 | 3 3 3 3",
        "0 | 2 2 3 | 3 6 1 | 0 1 2 6 7 8 3 4 5 9 10 11", // axes exchanged
        "7 | 1 1 2 | 99 0 4 | 7 11", // distances along one element mean nothing
        "11 | '' | '' | 11", // a number
        "0 | 0 4 | 4 1 | ''", "12 | 3 0 | 9 9 | ''" // nothing
    })
    void stridesAndOffsetsAreHonoured(long offset, String shape, String strides, String expected) {
        var file = new TorchFile().tensor("0", 12, offset, numbers(shape), numbers(strides))
                .record("0", TorchFile.floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        var tensor = one(file);
        assertArrayEquals(numbers(expected), IntStream.range(0, tensor.values().length)
                .mapToLong(i -> (long) tensor.values()[i]).toArray());
        assertArrayEquals(numbers(shape), Arrays.stream(tensor.shape()).asLongStream().toArray());
    }

    @Test
    void aTensorLargerThanAChunkIsReadWhole() {
        int count = (1 << 19) + 3;
        var random = new SplittableRandom(1);
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble();
        }
        var file = new TorchFile().record("0", TorchFile.floats(values)).code('}', '(');
        file.text("inner.all").tensor("0", count, 0, new long[] {count}, 1);
        file.text("inner.odd").tensor("0", count, 1, new long[] {count / 2}, 2).code('u', '.');
        for (int method : new int[] {ZipEntry.STORED, ZipEntry.DEFLATED}) {
            var tensors = read(file.write(folder.resolve("large.pt"), file.pickled(), method));
            assertArrayEquals(values, tensors.get("inner.all").values());
            for (int i = 0; i < count / 2; i++) {
                assertEquals(values[2 * i + 1], tensors.get("inner.odd").values()[i]);
            }
        }
    }

    /** PyTorch writes 0 where it is told not to compute checksums; any other must be right. */
    @Test
    void aChecksumOf0IsNoChecksum() throws IOException {
        var file = new TorchFile().tensor("0", 1, 0, new long[] {1}, 1).record("0", TorchFile.floats(7));
        var path = file.write(folder.resolve("x.pt"), file.only("inner.x"), ZipEntry.STORED);
        var bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        int last = bytes.getInt(bytes.limit() - 6);
        last += 46 + bytes.getShort(last + 28);
        Files.write(path, bytes.putInt(last + 16, 0).array());
        assertArrayEquals(new float[] {7}, read(path).get("inner.x").values());
        Files.write(path, bytes.putInt(last + 16, 1).array());
        var refusal = assertThrows(CheckpointException.class, () -> read(path)).getMessage();
        assertTrue(refusal.contains("the checksum of archive/data/0 to be right"), refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_orig_mod.model.", "model.", "module.model.", "module._orig_mod.model.module."})
    void prefixesOfWrappersAreTakenOff(String prefix) {
        var file = new TorchFile().code('}').text(prefix + "inner.x").tensor("0", 1, 0, new long[] {1}, 1)
                .code('s', '.').record("0", TorchFile.floats(7));
        assertEquals(Set.of("inner.x"), read(file.write(folder.resolve("x.pt"))).keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "state_dict", "model_state_dict", "module"})
    void aStateDictIsFoundUnderItsKey(String key) {
        var file = new TorchFile().code('}', '(').text("epoch").number(3).text("lr").code('G').raw(new byte[8])
                .text("optimizer").code(']').text(key).code('}').text("inner.x").tensor("0", 1, 0, new long[] {1}, 1)
                .code('s', 'u', '.').record("0", TorchFile.floats(7));
        assertArrayEquals(new float[] {7}, read(file.write(folder.resolve("x.pt"))).get("inner.x").values());
    }

    /** What later protocols and PyTorch's own classes add: frames, memos by order, short text, Size, Parameter. */
    @Test
    void laterProtocolsAndParametersAreRead() {
        var file = new TorchFile().code(0x80, 5, 0x95).raw(new byte[8]).code('}', 0x94, '(');
        shortText(file, "inner.x");
        shortText(file, "torch._utils");
        shortText(file, "_rebuild_parameter").code(0x93, '(').tensor("0", 1, 0, new long[] {1}, 1)
                .code(0x88, 'h', 0, 't', 'R', 0x94);
        shortText(file, "shape").global("torch", "Size").tuple(1).code(0x85, 'R');
        shortText(file, "same").code('h', 1).code('u', '.');
        file.record("0", TorchFile.floats(5));
        assertEquals(Set.of("inner.x", "same"), read(file.write(folder.resolve("x.pt"))).keySet());
    }

    @Test
    void whatFollowsFromTheConfigurationIsLeftOut() {
        var file = new TorchFile().code('}', '(').record("0", TorchFile.floats(5));
        for (var name : new String[] {"inner.x", "inner.rotary_emb.cos_cached", "inner.puzzle_emb.local_ids"}) {
            file.text("model." + name).tensor("0", 1, 0, new long[] {1}, 1);
        }
        assertEquals(Set.of("inner.x"), read(file.code('u', '.').write(folder.resolve("x.pt"))).keySet());
    }

    @Test
    void filesOfOtherThingsAreRefused() {
        refused("found a dictionary with weights, step", f -> f.code('}', '(').text("weights").code('N').text("step")
                .number(4).code('u'));
        refused("found one tensor", f -> f.tensor("0", 1, 0, new long[] {1}, 1));
        refused("found another object", f -> f.code('N'));
    }

    private void refused(String message, UnaryOperator<TorchFile> pickle) {
        var file = pickle.apply(new TorchFile()).code('.').write(folder.resolve("x.pt"));
        var refusal = assertThrows(CheckpointException.class, () -> StateDict.open(file)).getMessage();
        assertTrue(refusal.contains("has no weights of a TRM") && refusal.contains(message), refusal);
    }

    private static TorchFile shortText(TorchFile file, String text) {
        return file.code(0x8c, text.length()).raw(text.getBytes());
    }

    private HostTensor one(TorchFile file) {
        return read(file.write(folder.resolve("one.pt"), file.only("inner.x"), ZipEntry.STORED)).get("inner.x");
    }

    private static long[] numbers(String text) {
        return text.isEmpty()
                ? new long[0]
                : Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    static Map<String, HostTensor> read(Path file) {
        try (var state = StateDict.open(file)) {
            return state.tensors();
        }
    }
}
