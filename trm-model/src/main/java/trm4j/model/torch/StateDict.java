package trm4j.model.torch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;

/**
 * A model's weights in a file of {@code torch.save}: the state dict itself, or a dictionary with it under a common key.
 */
public final class StateDict implements WeightsFile {

    private static final List<String> KEYS = List.of("model", "state_dict", "model_state_dict", "module");

    private final Path file;
    private final TorchArchive archive;
    private final Map<String, TorchTensor> tensors;

    private StateDict(Path file, TorchArchive archive) {
        this.file = file;
        this.archive = archive;
        tensors = find(archive.root()).orElseThrow(() -> new CheckpointException(
                file + " has no weights of a TRM: expected a state dict with tensors named inner.*, at the top or "
                        + "under " + String.join(", ", KEYS) + ", found " + kind(archive.root())
                        + "; save model.state_dict() with torch.save."));
    }

    /**
     * Opens a file; the tensors are read when they are asked for.
     *
     * @throws CheckpointException if it is not a file of {@code torch.save}, is damaged, has Python objects other than
     *     tensors and containers, or no weights of a TRM
     */
    public static StateDict open(Path file) {
        var archive = TorchArchive.open(file);
        try {
            return new StateDict(file, archive);
        } catch (RuntimeException e) {
            archive.close();
            throw e;
        }
    }

    private Optional<Map<String, TorchTensor>> find(Object root) {
        var found = named(root);
        for (var key : KEYS) {
            if (found.isEmpty() && root instanceof Map<?, ?> map) {
                found = named(map.get(key));
            }
        }
        return Optional.of(found).filter(f -> !f.isEmpty());
    }

    private Map<String, TorchTensor> named(Object object) {
        var named = new LinkedHashMap<String, TorchTensor>();
        if (object instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key instanceof String name && value instanceof TorchTensor tensor) {
                    named.put(name, tensor);
                }
            });
        }
        return TensorNames.of(named, file);
    }

    private static String kind(Object root) {
        return switch (root) {
            case Map<?, ?> map -> "a dictionary with " + TensorNames.some(map.keySet());
            case TorchTensor _ -> "one tensor";
            case null, default -> "another object";
        };
    }

    @Override
    public Map<String, int[]> shapes() {
        var shapes = new LinkedHashMap<String, int[]>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    @Override
    public Map<String, HostTensor> tensors() {
        var read = new LinkedHashMap<String, HostTensor>();
        tensors.forEach((name, tensor) -> read.put(name, archive.read(tensor)));
        return read;
    }

    /** {@inheritDoc} {@link TorchExport} writes it. */
    @Override
    public Optional<String> recorded() {
        return archive.extra(TorchExport.RECORDED);
    }

    @Override
    public void close() {
        archive.close();
    }
}
