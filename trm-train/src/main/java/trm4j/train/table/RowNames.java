package trm4j.train.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.CheckpointException;
import trm4j.train.DatasetException;
import trm4j.train.data.JsonFile;
import trm4j.train.data.PuzzleDataset;

/**
 * The names of a puzzle table's rows, in order: those of the puzzle identifiers of the data set that the model is for.
 * There may be a million, so they stand in a file beside the model's; the model has what tells them from others.
 */
public final class RowNames {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDING = ".identifiers.json";

    private final List<String> names;
    private final String sha256;

    RowNames(List<String> names) {
        this.names = List.copyOf(names);
        sha256 = digest(this.names);
    }

    /**
     * Returns the names of a model's rows.
     *
     * @param names of puzzle identifiers, in order; empty if they are not known
     * @return nothing if they are not known or two are the same, or the model has no two rows to tell apart
     */
    public static Optional<RowNames> of(TrmConfig config, List<String> names) {
        return config.puzzleEmbNdim() > 0 && names.size() > 1 && new HashSet<>(names).size() == names.size()
                ? Optional.of(new RowNames(names))
                : Optional.empty();
    }

    /**
     * Returns the names of a model's rows as they stand in the data set that it has the rows of.
     *
     * @param data the folder
     * @throws DatasetException if they cannot be read, or are not as many
     */
    public static Optional<RowNames> ofData(TrmConfig config, Path data) {
        var file = data.resolve(PuzzleDataset.IDENTIFIERS);
        var names = Files.exists(file) ? JsonFile.read(file).strings() : List.<String>of();
        if (!names.isEmpty() && names.size() != config.numPuzzleIdentifiers()) {
            throw new DatasetException(file + ": expected " + config.numPuzzleIdentifiers() + " names, as dataset.json "
                    + "has it, found " + names.size() + "; copy or make the dataset again.");
        }
        return of(config, names);
    }

    /**
     * Reads the names beside a model's file.
     *
     * @param sha256 what the model says of them
     * @return nothing if they are not there, or are others
     * @throws DatasetException if they cannot be read
     */
    public static Optional<RowNames> beside(Path model, String sha256) {
        var file = fileBeside(model);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var names = new RowNames(JsonFile.read(file, "copy it again from where the model is from.").strings());
        return names.sha256.equals(sha256) ? Optional.of(names) : Optional.empty();
    }

    /** Returns where the names of a model's rows stand: {@code m.identifiers.json} for {@code m.safetensors}. */
    public static Path fileBeside(Path model) {
        var name = model.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return model.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ENDING);
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @throws CheckpointException if it cannot be written
     */
    public void save(Path file) {
        try {
            AtomicFile.write(file, JSON.writeValueAsBytes(names));
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    /** Returns what tells these names, in this order, from others. */
    public String sha256() {
        return sha256;
    }

    public int count() {
        return names.size();
    }

    /** Returns the names, row by row. */
    public List<String> names() {
        return names;
    }

    /**
     * Finds the rows for other names.
     *
     * @return for each of the others in order, the row here; -1 where there is none
     */
    int[] rowsFor(RowNames others) {
        var rows = HashMap.<String, Integer>newHashMap(names.size());
        for (int row = 0; row < names.size(); row++) {
            rows.putIfAbsent(names.get(row), row);
        }
        return others.names.stream().mapToInt(name -> rows.getOrDefault(name, -1)).toArray();
    }

    private static String digest(List<String> names) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var name : names) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
