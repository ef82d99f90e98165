package trm4j.benchmarks;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Functions of one array in PyTorch's own language. They come to DJL as models do that were exported with
 * {@code torch.jit.save}: an archive of code and pickled weights, here none.
 */
final class TorchScript {

    private TorchScript() {}

    /**
     * A function.
     *
     * @param body statements over {@code x}, the last of which returns a tensor
     */
    static UnaryOperator<NDArray> function(NDManager arrays, String body) {
        var model = Model.newInstance("function");
        try {
            model.load(new ByteArrayInputStream(archive(body)));
        } catch (IOException | MalformedModelException e) {
            throw new IllegalStateException("PyTorch cannot load its program", e);
        }
        arrays.attachInternal("function", model);
        var noWeights = new ParameterStore(arrays, false);
        return x -> model.getBlock().forward(noWeights, new NDList(x), false).singletonOrThrow();
    }

    private static byte[] archive(String body) {
        var code = """
                class Function(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.Function,
                    x: Tensor) -> Tensor:
                """ + body.indent(4);
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            add(zip, "version", "3\n");
            add(zip, "code/__torch__.py", code);
            // Pickled: Function(), an object without state; and an empty tuple.
            add(zip, "data.pkl", "\u0080\u0002c__torch__\nFunction\n)\u0081}b.");
            add(zip, "constants.pkl", "\u0080\u0002).");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry("function/" + name));
        zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
        zip.closeEntry();
    }
}
