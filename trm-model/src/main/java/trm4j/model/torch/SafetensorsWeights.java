package trm4j.model.torch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trm4j.model.Checkpoint;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;

/** Weights in a safetensors file: a checkpoint of ours, or another program's, which says no architecture. */
final class SafetensorsWeights implements WeightsFile {

    private final Path file;
    /** The names in the file by ours. */
    private final Map<String, String> names;
    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final boolean ours;

    private SafetensorsWeights(Path file) {
        this.file = file;
        var all = new LinkedHashMap<String, int[]>();
        ours = Safetensors.visit(file, (name, stored) -> all.put(name, stored.shape())).containsKey("arch");
        var own = new LinkedHashMap<String, String>();
        all.keySet().forEach(name -> own.put(name, name));
        names = TensorNames.of(own, file);
        if (names.isEmpty()) {
            throw new CheckpointException(file + " has no weights of a TRM: expected tensors named inner.*, with or "
                    + "without a prefix such as model., found " + TensorNames.some(all.keySet()) + ".");
        }
        names.forEach((name, inFile) -> shapes.put(name, all.get(inFile)));
    }

    static SafetensorsWeights open(Path file) {
        return new SafetensorsWeights(file);
    }

    @Override
    public Map<String, int[]> shapes() {
        return new LinkedHashMap<>(shapes);
    }

    @Override
    public Map<String, HostTensor> tensors() {
        var wanted = Set.copyOf(names.values());
        var byFile = new HashMap<String, HostTensor>();
        Safetensors.visit(file, (name, stored) -> {
            if (wanted.contains(name)) {
                byFile.put(name, new HostTensor(stored.shape(), stored.floats()));
            }
        });
        var tensors = new LinkedHashMap<String, HostTensor>();
        names.forEach((name, inFile) -> tensors.put(name, byFile.get(inFile)));
        return tensors;
    }

    @Override
    public Optional<String> recorded() {
        return ours ? Optional.of(Checkpoint.describe(file).configuration()) : Optional.empty();
    }

    @Override
    public void close() {
        // The file is open only while it is read.
    }
}
