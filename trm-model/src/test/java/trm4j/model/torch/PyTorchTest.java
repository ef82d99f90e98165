package trm4j.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.file.Safetensors;
import trm4j.model.net.Parameters;

/** PyTorch reads what is written here, and what PyTorch writes is read here. */
@EnabledIf(value = "hasPyTorch", disabledReason = "needs /usr/bin/python3 with torch (apt install python3-torch)")
class PyTorchTest {

    @TempDir
    private Path folder;

    static boolean hasPyTorch() throws IOException, InterruptedException {
        return Path.of("/usr/bin/python3").toFile().canExecute()
                && new ProcessBuilder("/usr/bin/python3", "-c", "import torch").start().waitFor() == 0;
    }

    @Test
    void pyTorchLoadsWhatIsExported() throws IOException, InterruptedException {
        var tensors = new Parameters(TorchExportTest.CONFIG).initialize(1);
        new Safetensors(tensors, Map.of()).write(folder.resolve("m.safetensors"));
        for (var type : TorchExport.Type.values()) {
            TorchExport.write(TorchExportTest.checkpoint(tensors), type, folder.resolve(type + ".pt"));
        }
        python("""
                import json, struct, torch
                raw = open('m.safetensors', 'rb').read()
                size = struct.unpack('<Q', raw[:8])[0]
                expected = {}
                for name, entry in json.loads(raw[8:8 + size]).items():
                    a, b = entry['data_offsets']
                    data = torch.frombuffer(bytearray(raw[8 + size + a:8 + size + b]), dtype=torch.float32)
                    expected['_orig_mod.model.' + name] = data.reshape(entry['shape'])
                for file, dtype in ('F32.pt', torch.float32), ('BF16.pt', torch.bfloat16):
                    found = torch.load(file, weights_only=True)
                    assert list(found) == list(expected), file
                    for name in expected:
                        assert found[name].dtype == dtype and found[name].is_contiguous(), name
                        assert torch.equal(found[name], expected[name].to(dtype)), name
                """);
    }

    @Test
    void whatPyTorchSavesIsRead() throws IOException, InterruptedException {
        python("""
                import torch
                x = torch.arange(12, dtype=torch.float32).reshape(3, 4)
                state = {
                    'whole': x, 'transposed': x.t(), 'sliced': x[1:, 1:3], 'strided': x[:, ::2], 'tied': x,
                    'expanded': torch.tensor([[1.], [2.]]).expand(2, 3), 'half': x.half(), 'bfloat16': x.bfloat16().t(),
                    'double': x.double(), 'long': x.long() - 5, 'int': x.int(), 'byte': x.byte(), 'bool': x > 5,
                    'parameter': torch.nn.Parameter(x + 0.5), 'number': torch.tensor(2.5), 'none': torch.empty(0, 4)}
                state = {'inner.' + name: tensor for name, tensor in state.items()}
                for protocol in 2, 3, 4, 5:
                    torch.save({'model': state, 'step': 3, 'size': x.shape}, f'{protocol}.pt', pickle_protocol=protocol)
                """);
        for (int protocol = 2; protocol <= 5; protocol++) {
            var read = StateDictTest.read(folder.resolve(protocol + ".pt"));
            assertEquals(16, read.size());
            float[] whole = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
            float[] transposed = {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11};
            for (var name : new String[] {"whole", "tied", "half", "double", "int", "byte"}) {
                assertArrayEquals(whole, read.get("inner." + name).values(), name);
            }
            assertArrayEquals(new int[] {4, 3}, read.get("inner.transposed").shape());
            assertArrayEquals(transposed, read.get("inner.transposed").values());
            assertArrayEquals(transposed, read.get("inner.bfloat16").values());
            assertArrayEquals(new float[] {5, 6, 9, 10}, read.get("inner.sliced").values());
            assertArrayEquals(new float[] {0, 2, 4, 6, 8, 10}, read.get("inner.strided").values());
            assertArrayEquals(new float[] {1, 1, 1, 2, 2, 2}, read.get("inner.expanded").values());
            assertArrayEquals(new float[] {-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6}, read.get("inner.long").values());
            assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, read.get("inner.bool").values());
            assertEquals(11.5f, read.get("inner.parameter").values()[11]);
            assertArrayEquals(new float[] {2.5f}, read.get("inner.number").values());
            assertArrayEquals(new int[] {0, 4}, read.get("inner.none").shape());
        }
    }

    private void python(String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder("/usr/bin/python3", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
    }
}
