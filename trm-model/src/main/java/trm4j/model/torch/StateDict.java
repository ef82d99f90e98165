package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;

/**
 * A model's weights in a file of {@code torch.save}, by the names that checkpoints use. The file has the state dict
 * itself, or a dictionary with it under a common key; names may have what wrappers such as {@code torch.compile} put
 * before them.
 */
public final class StateDict implements AutoCloseable {

    private static final Pattern WRAPPERS = Pattern.compile("^(_orig_mod\\.|model\\.|module\\.)+");
    private static final List<String> KEYS = List.of("model", "state_dict", "model_state_dict", "module");
    private static final String FIRST = "inner.";
    /** What some versions save although it follows from the configuration or the batch. */
    private static final Pattern DERIVED =
            Pattern.compile("inner\\.(rotary_emb\\..*|puzzle_emb\\.local_(weights|ids))");

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
                if (key instanceof String wrapped && value instanceof TorchTensor tensor) {
                    var name = WRAPPERS.matcher(wrapped).replaceFirst("");
                    if (!DERIVED.matcher(name).matches() && named.put(name, tensor) != null) {
                        throw new CheckpointException(file + " has two tensors " + shown(name)
                                + " under different prefixes, expected one model; save its state_dict() alone.");
                    }
                }
            });
        }
        return named.keySet().stream().anyMatch(name -> name.startsWith(FIRST)) ? named : Map.of();
    }

    private static String kind(Object root) {
        return switch (root) {
            case Map<?, ?> map -> "a dictionary with " + shown(
                    map.keySet().stream().limit(10).map(String::valueOf).collect(Collectors.joining(", ")));
            case TorchTensor _ -> "one tensor";
            case null, default -> "another object";
        };
    }

    /** Returns the tensors' names and shapes. */
    public Map<String, int[]> shapes() {
        var shapes = new LinkedHashMap<String, int[]>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    /**
     * Returns the numbers of one of the tensors.
     *
     * @throws CheckpointException if they are not whole
     */
    public HostTensor read(String name) {
        return archive.read(tensors.get(name));
    }

    /** Returns what {@link TorchExport} recorded of the model beside its weights, as JSON. */
    public Optional<String> recorded() {
        return archive.extra(TorchExport.RECORDED);
    }

    @Override
    public void close() {
        archive.close();
    }
}
