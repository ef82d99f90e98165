package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import trm4j.model.file.CheckpointException;

/** Finds the tensors of a TRM among named ones. */
final class TensorNames {

    private static final String FIRST = "inner.";
    private static final Pattern WRAPPERS = Pattern.compile("^(\\w{1,40}\\.){1,10}(?=inner\\.)");
    /** What some versions save although it follows from the configuration or the batch. */
    private static final Pattern DERIVED =
            Pattern.compile("inner\\.(rotary_emb\\..*|puzzle_emb\\.local_(weights|ids))");

    private TensorNames() {}

    /**
     * Returns the same tensors without wrappers' prefixes and without what is derived; none if they are of something
     * else than a TRM.
     *
     * @throws CheckpointException if two tensors have the same name then
     */
    static <T> Map<String, T> of(Map<String, T> wrapped, Path file) {
        var named = new LinkedHashMap<String, T>();
        wrapped.forEach((key, tensor) -> {
            var name = WRAPPERS.matcher(key).replaceFirst("");
            if (!DERIVED.matcher(name).matches() && named.put(name, tensor) != null) {
                throw new CheckpointException(file + " has two tensors " + shown(name)
                        + " under different prefixes, expected one model; save its state_dict() alone.");
            }
        });
        return named.keySet().stream().anyMatch(name -> name.startsWith(FIRST)) ? named : Map.of();
    }

    /** Returns some names for a message. */
    static String some(Collection<?> names) {
        return shown(names.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", ")));
    }
}
