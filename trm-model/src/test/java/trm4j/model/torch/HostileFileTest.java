package trm4j.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trm4j.model.file.CheckpointException;

/** Files that are damaged, or made to do harm: each is refused in one sentence, and nothing of it is executed. */
class HostileFileTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final long HUGE = 1L << 40;

    @TempDir
    private Path folder;

    private enum Attack {
        SYSTEM("posix.system", f -> f.global("posix", "system").code('(').text("touch /tmp/x").code('t', 'R', '.')),
        EVAL("builtins.eval", f -> f.global("builtins", "eval").text("1").code(0x85, 'R', '.')),
        EVAL_BY_STACK("__builtin__.eval", f -> f.text("__builtin__").text("eval").code(0x93, '.')),
        EVAL_AS_A_STATE("builtins.exec", f -> f.global("collections", "OrderedDict").code(')', 'R')
                .global("builtins", "exec").code('b', '.')),
        PICKLE_LOADER("torch.load", f -> f.global("torch", "load").code('.')),
        CLASS("models.losses.ACTLossHead", f -> f.global("models.losses", "ACTLossHead").code(')', 0x81, '.')),
        LONG_NAME("aaaa...", f -> f.global("a".repeat(100_000), "b").code('.')),
        LINES_IN_A_NAME("a??b.c", f -> f.text("a\r\nb").text("c").code(0x93, '.')),
        INSTANCE("instruction 0x69", f -> f.code('(', 'i').raw("os\nsystem\n".getBytes()).code('.')),
        EXTENSION("instruction 0x82", f -> f.code(0x82, 1, '.')),
        CALL_OF_TEXT("a call of a function", f -> f.text("eval").code(')', 'R', '.')),
        CALL_OF_A_STORAGE_CLASS("a call of a function", f -> f.global("torch", "FloatStorage").code(')', 'R', '.')),
        OTHER_PROTOCOL("protocol 2 to 5", f -> f.code(0x80, 9, '.')),
        MEMO_OF_NOTHING("number 4294967295", f -> f.code('j').int32(-1).code('.')),
        HUGE_MEMO("no weights of a TRM", f -> f.code(']', 'r').int32(-1).code('r').int32(Integer.MAX_VALUE).code('.')),
        HUGE_TEXT("to go on for 4294967295 bytes", f -> f.code('X').int32(-1).code('.')),
        HUGE_TEXT_OF_8("to go on for -1 bytes", f -> f.code(0x8d).int32(-1).int32(-1).code('.')),
        HUGE_NUMBER("whole numbers below 256 bytes", f -> f.code(0x8b).int32(Integer.MAX_VALUE).code('.')),
        NEGATIVE_NUMBER("to go on for -5 bytes", f -> f.code(0x8b).int32(-5).code('.')),
        WRONG_TEXT("text in UTF-8", f -> f.code('X').int32(1).code(0xC0, '.')),
        DEEP("no weights of a TRM", f -> {
            f.code(']');
            for (int i = 0; i < 200_000; i++) {
                f.code(0x85);
            }
            return f.code('.');
        }),
        MANY_MARKS("no weights of a TRM", f -> {
            for (int i = 0; i < 200_000; i++) {
                f.code('(');
            }
            return f.code('N', '.');
        }),
        CYCLE("no weights of a TRM", f -> f.code('}', 'q', 0).text("model").code('h', 0, 's', '.')),
        CYCLE_OF_LISTS("no weights of a TRM", f -> f.code(']', 'q', 0, 'h', 0, 'a', '.')),
        DICTIONARY_AS_KEY("text or numbers as keys", f -> f.code('}', 'q', 0, 'h', 0, 'N', 's', '.')),
        SAME_KEY("two that are inner.x", f -> f.code('}', '(').text("inner.x").code('N').text("inner.x").code('N')
                .code('u', '.')),
        KEY_WITHOUT_VALUE("a value for each key", f -> f.code('}', '(').text("a").code('u', '.')),
        APPENDED_TO_A_TUPLE("a ArrayList", f -> f.code(')', 'N', 'a', '.')),
        EMPTY_STACK("an object on the pickle's stack", f -> f.code('.')),
        NO_MARK("a mark", f -> f.code('N', 't', '.')),
        POPPED_MARK("an object on the pickle's stack", f -> f.code('(', 0x85, '.')),
        CUT_OFF("to go on for 1 bytes", f -> f.code('}')),
        CUT_OFF_IN_A_NAME("to go on for 1 bytes", f -> f.code('c').raw("posix".getBytes())),
        TENSOR_WITHOUT_ARGUMENTS("to describe a tensor", f -> f.global("torch._utils", "_rebuild_tensor_v2")
                .code(')', 'R', '.')),
        TENSOR_WITHOUT_STORAGE("a Storage", f -> f.global("torch._utils", "_rebuild_tensor_v2").code('(', 'N', 't', 'R')
                .code('.')),
        STORAGE_ID_OF_TEXT("a storage's description", f -> f.text("0").code('Q', '.')),
        STORAGE_ID_OF_OTHER_TEXT("a storage, found ?[2J", f -> f.text("\033[2J" + "x".repeat(100_000))
                .code(0x85, 'Q', '.')),
        STRANGE_STORAGE("torch.storage.UntypedStorage", f -> f.global("torch.storage", "UntypedStorage").code('.')),
        SHAPE_OF_TEXT("a Long", f -> f.global("torch._utils", "_rebuild_tensor_v2").code('(', '(').text("storage")
                .global("torch", "FloatStorage").text("0").text("cpu").number(1).code('t', 'Q').number(0).text("x")
                .code(0x85, ')', 't', 'R', '.')),
        STRIDE_OUT_OF_STORAGE("beyond", f -> f.tensor("0", 4, 0, new long[] {2, 2}, 3, 1).code('.')),
        OFFSET_OUT_OF_STORAGE("beyond", f -> f.tensor("0", 4, 1, new long[] {4}, 1).code('.')),
        HUGE_OFFSET("beyond", f -> f.tensor("0", 4, Long.MAX_VALUE, new long[] {1}, 1).code('.')),
        HUGE_STRIDE("beyond", f -> f.tensor("0", 4, 0, new long[] {2}, Long.MAX_VALUE).code('.')),
        OVERFLOWING_STRIDES("beyond", f -> f.tensor("0", Long.MAX_VALUE, 0, new long[] {3, 3}, Long.MAX_VALUE / 2,
                Long.MAX_VALUE / 2).code('.')),
        NEGATIVE_STRIDE("a count of at least 0", f -> f.tensor("0", 4, 3, new long[] {4}, -1).code('.')),
        NEGATIVE_SHAPE("a count of at least 0", f -> f.tensor("0", 4, 0, new long[] {-4}, 1).code('.')),
        NEGATIVE_OFFSET("a count of at least 0", f -> f.tensor("0", 4, -1, new long[] {4}, 1).code('.')),
        MISSING_STRIDE("a stride for each", f -> f.tensor("0", 4, 0, new long[] {2, 2}, 1).code('.')),
        MANY_DIMENSIONS("at most 64 dimensions", f -> f.tensor("0", 4, 0, new long[65], new long[65]).code('.')),
        HUGE_DIMENSION("dimensions below 2^31", f -> f.tensor("0", 4, 0, new long[] {HUGE}, 0).code('.')),
        EXPANDED_BOMB("elements in a file of its size", f -> f.tensor("0", 1, 0, new long[] {1 << 30}, 0).code('.')),
        EXPANDED_OVERFLOW("elements in a file of its size", f -> f.tensor("0", 1, 0,
                new long[] {1 << 30, 1 << 30, 1 << 30, 1 << 30}, 0, 0, 0, 0).code('.'));

        final String message;
        final Function<TorchFile, TorchFile> pickle;

        Attack(String message, Function<TorchFile, TorchFile> pickle) {
            this.message = message;
            this.pickle = pickle;
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void aPickleOfAnythingButDataIsRefused(Attack attack) {
        var file = attack.pickle.apply(new TorchFile());
        refused(attack.message, file.write(folder.resolve("hostile.pt"), file.pickled(), ZipEntry.STORED));
    }

    /** A tensor that is described as it should be, but whose storage is not. */
    private enum Storage {
        MISSING("a record data/0, found none", "0", 4, null),
        PATH("a record data/../../../etc/passwd, found none", "../../../etc/passwd", 4, null),
        SHORT("storage 0 of 4 elements of F32, found 12 bytes", "0", 4, new byte[12]),
        LONG("storage 0 of 4 elements of F32, found 20 bytes", "0", 4, new byte[20]),
        HUGE_COUNT("elements of F32, found 16 bytes", "0", HUGE << 20, new byte[16]),
        OVERFLOWING("elements of F32, found 16 bytes", "0", (1L << 62) + 4, new byte[16]),
        BOMB("to fit the file's", "0", 1 << 22, new byte[1 << 24]);

        final String message;
        final String key;
        final long elements;
        final byte[] bytes;

        Storage(String message, String key, long elements, byte[] bytes) {
            this.message = message;
            this.key = key;
            this.elements = elements;
            this.bytes = bytes;
        }
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aStorageThatIsNotWhatItShouldBeIsRefused(Storage storage) {
        var file = new TorchFile().tensor(storage.key, storage.elements, 0, new long[] {4}, 1);
        if (storage.bytes != null) {
            file.record("0", storage.bytes);
        }
        refused(storage.message, file.write(folder.resolve("hostile.pt"), file.only("inner.x"), ZipEntry.DEFLATED));
    }

    @Test
    void tensorsThatShareAStorageCannotTakeMoreThanTheFileJustifies() {
        var file = new TorchFile().record("0", new byte[1 << 20]);
        var names = 40;
        file.code('}', '(');
        for (int i = 0; i < names; i++) {
            file.text("inner." + i).tensor("0", 1 << 18, 0, new long[] {1 << 18}, 1);
        }
        refused("tensors that a file of its size can hold", file.code('u', '.').write(
                folder.resolve("shared.pt"), file.pickled(), ZipEntry.STORED));
    }

    /** Tensors of one number, each at the end of the same record: to read it for each takes long. */
    @Test
    void recordsAreNotInflatedAgainAndAgain() {
        var file = new TorchFile().record("0", new byte[1 << 16]).code('}', '(');
        for (int i = 0; i < 300; i++) {
            file.text("inner." + i).tensor("0", 1 << 14, (1 << 14) - 1, new long[] {1}, 1);
        }
        refused("records that are each read a few times", file.code('u', '.').write(folder.resolve("again.pt")));
    }

    @Test
    void manySmallTensorsTakeLittleMemory() {
        var file = new TorchFile().record("0", new byte[1 << 12]).code('}', '(');
        for (int i = 0; i < 1000; i++) {
            file.text("inner." + i).tensor("0", 1 << 10, i, new long[] {1}, 1);
        }
        var path = file.code('u', '.').write(folder.resolve("small.pt"), file.pickled(), ZipEntry.STORED);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        readAll(path);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 64 << 20, allocated + " bytes");
    }

    @Test
    void recordsOutsideOfTheArchivesFolderAreRefused() {
        var right = new TorchFile().code('}', '.');
        right.records.put("archive/../../x", new byte[1]);
        refused("records of the name NAME/RECORD", right.write(folder.resolve("path.pt")));
        right.records.clear();
        right.records.put("/etc/passwd", new byte[1]);
        refused("records of the name NAME/RECORD", right.write(folder.resolve("path.pt")));
        right.records.clear();
        right.records.put("other/data/0", new byte[1]);
        refused("all records under archive, found other/data/0", right.write(folder.resolve("path.pt")));
    }

    @Test
    void archivesWithoutAnObjectAreRefused() {
        refused("a record data.pkl, found none", new TorchFile().record("0", new byte[4])
                .write(folder.resolve("none.pt"), null, ZipEntry.DEFLATED));
        refused("a record data.pkl, found none", new TorchFile()
                .write(folder.resolve("empty.pt"), null, ZipEntry.DEFLATED));
        refused("data.pkl of at most 4194304 bytes", new TorchFile()
                .write(folder.resolve("large.pt"), new byte[(4 << 20) + 1], ZipEntry.STORED));
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        refused("not a zip archive", Files.write(folder.resolve("text.pt"), "hello".getBytes()));
        refused("not a zip archive", Files.write(folder.resolve("empty.pt"), new byte[0]));
        // What torch.save wrote before 1.6: its magic number, pickled.
        var old = new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20};
        refused("load it with torch.load and save it again", Files.write(folder.resolve("old.pt"), old));
        refused("There is no file", folder.resolve("none.pt"));
        refused("cannot be read", folder);
    }

    @Test
    void numbersOfOtherMachinesAreRefused() {
        var file = new TorchFile().code('}', '.');
        file.records.put("archive/byteorder", "big".getBytes());
        refused("little-endian machine, found big", file.write(folder.resolve("big.pt")));
    }

    @Test
    void twoModelsInOneAreRefused() {
        var file = new TorchFile().record("0", new byte[4]).code('}', '(');
        for (var prefix : new String[] {"model.", "module."}) {
            file.text(prefix + "inner.x").tensor("0", 1, 0, new long[] {1}, 1);
        }
        refused("two tensors inner.x", file.code('u', '.').write(folder.resolve("two.pt")));
    }

    @ParameterizedTest
    @EnumSource(Damaged.class)
    void aFileWithAnyBytesChangedIsReadOrRefused(Damaged damaged) throws IOException {
        var whole = Files.readAllBytes(GOLDEN.resolve("mlp-mixer/initial.pt"));
        var random = new SplittableRandom(42);
        var file = folder.resolve("damaged.pt");
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            var bytes = damaged.change(whole.clone(), random);
            Files.write(file, bytes);
            try {
                readAll(file);
                assertTrue(damaged != Damaged.CUT, "a file that was cut off cannot be whole");
            } catch (CheckpointException e) {
                refused++;
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
        assertTrue(refused > 20, refused + " refused");
    }

    private enum Damaged {
        CUT {
            @Override
            byte[] change(byte[] bytes, SplittableRandom random) {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
        },
        /** Anywhere: mostly in the numbers, which checksums guard. */
        FLIPPED {
            @Override
            byte[] change(byte[] bytes, SplittableRandom random) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                return bytes;
            }
        },
        /** Where the pickle is, whose checksum then is found wrong. */
        PICKLE {
            @Override
            byte[] change(byte[] bytes, SplittableRandom random) {
                bytes[random.nextInt(1900)] = (byte) random.nextInt(256);
                return bytes;
            }
        },
        /** Where the list of records is. */
        DIRECTORY {
            @Override
            byte[] change(byte[] bytes, SplittableRandom random) {
                for (int i = 0; i < 3; i++) {
                    bytes[bytes.length - 1 - random.nextInt(1400)] = (byte) random.nextInt(256);
                }
                return bytes;
            }
        };

        abstract byte[] change(byte[] bytes, SplittableRandom random);
    }

    @Test
    void aPickleWithAnyBytesChangedIsReadOrRefused() throws IOException {
        byte[] pickle;
        try (var zip = new ZipFile(GOLDEN.resolve("mlp-mixer/initial.pt").toFile())) {
            pickle = zip.getInputStream(zip.getEntry("initial/data.pkl")).readAllBytes();
        }
        var random = new SplittableRandom(7);
        var errors = new TorchFileErrors(Path.of("x.pt"));
        int refused = 0;
        for (int i = 0; i < 8000; i++) {
            var bytes = Arrays.copyOf(pickle, i % 4 == 0 ? random.nextInt(pickle.length) : pickle.length);
            for (int j = 0; j < 1 + i % 3 && bytes.length > 0; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Pickle.read(bytes, new TorchObjects(errors, 1 << 18), errors);
            } catch (CheckpointException e) {
                refused++;
            }
        }
        assertTrue(refused > 4000, refused + " refused");
    }

    private void refused(String message, Path file) {
        var refusal = assertThrows(CheckpointException.class, () -> readAll(file)).getMessage();
        assertTrue(refusal.contains(message) && refusal.contains(file.toString()), refusal);
        assertTrue(refusal.lines().count() == 1 && refusal.endsWith(".") && refusal.length() < 500, refusal);
    }

    private static void readAll(Path file) {
        try (var state = StateDict.open(file)) {
            state.tensors();
        }
    }
}
