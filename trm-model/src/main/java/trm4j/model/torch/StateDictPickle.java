package trm4j.model.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import trm4j.model.file.HostTensor;

/** Pickles a state dict in protocol 2, with the storages {@code data/0}, {@code data/1} and so on. */
final class StateDictPickle {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final String storage;

    /**
     * Begins a pickle.
     *
     * @param storage PyTorch's name of the class of all storages
     */
    StateDictPickle(String storage) {
        this.storage = storage;
    }

    byte[] write(String prefix, Map<String, HostTensor> tensors) {
        code(0x80, 2);
        emptyDict();
        code('(');
        int key = 0;
        for (var entry : tensors.entrySet()) {
            text(prefix + entry.getKey());
            tensor(Integer.toString(key++), entry.getValue());
        }
        code('u', '.');
        return out.toByteArray();
    }

    /** {@code torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())}. */
    private void tensor(String key, HostTensor tensor) {
        var shape = tensor.shape();
        var strides = new int[shape.length];
        for (int i = shape.length - 1, stride = 1; i >= 0; stride *= shape[i], i--) {
            strides[i] = stride;
        }
        global("torch._utils", "_rebuild_tensor_v2");
        code('(', '(');
        text("storage");
        global("torch", storage);
        text(key);
        text("cpu");
        number(tensor.values().length);
        code('t', 'Q');
        number(0);
        tuple(shape);
        tuple(strides);
        code(0x89); // no gradient
        emptyDict();
        code('t', 'R');
    }

    private void emptyDict() {
        global("collections", "OrderedDict");
        code(')', 'R');
    }

    private void tuple(int[] numbers) {
        code('(');
        for (int number : numbers) {
            number(number);
        }
        code('t');
    }

    private void global(String module, String name) {
        code('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        code('X');
        integer(bytes.length);
        out.writeBytes(bytes);
    }

    private void number(int number) {
        code('J');
        integer(number);
    }

    private void integer(int number) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
    }

    private void code(int... codes) {
        for (int code : codes) {
            out.write(code);
        }
    }
}
