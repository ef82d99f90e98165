package trm4j.train.ablation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.model.file.InputFile;
import trm4j.model.file.JsonProblem;
import trm4j.train.RunException;
import trm4j.train.run.RunConfig;
import trm4j.train.run.RunFolder;

/**
 * What an ablation's folder tells. It is only read, so that the ablation may go on meanwhile.
 *
 * @param path the folder
 * @param variants of its configuration, all there are
 * @param rows of the runs that are done
 * @param runs those that have begun, in the order of the variants
 */
public record AblationRecord(Path path, List<Variant> variants, List<AblationRow> rows, List<Run> runs) {

    static final String CONFIG = "config.yaml";
    static final String ROWS = "ablation.jsonl";

    private static final String SEED = "-seed";
    /** Bytes: a hundred thousand rows. */
    private static final int MOST_ROWS = 1 << 24;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /**
     * A run of a variant with a seed.
     *
     * @param path its folder
     */
    public record Run(Variant variant, long seed, Path path) {}

    /** Tells whether an ablation began in a folder: it has a configuration, and rows or runs. */
    public static boolean isAblation(Path path) {
        if (!Files.isRegularFile(path.resolve(CONFIG))) {
            return false;
        }
        if (Files.isRegularFile(path.resolve(ROWS))) {
            return true;
        }
        try (var folders = Files.list(path)) {
            return folders.anyMatch(folder ->
                    folder.getFileName().toString().matches("[a-z-]+" + SEED + "-?\\d+") && RunFolder.isRun(folder));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads a folder.
     *
     * @throws trm4j.kernels.UserException if something in it cannot be read, or is something else
     */
    public static AblationRecord of(Path path) {
        var variants = Variant.of(RunConfig.read(path.resolve(CONFIG)).arch());
        try {
            var runs = variants.stream().flatMap(variant -> runs(path, variant)).toList();
            return new AblationRecord(path, variants, rows(path), runs);
        } catch (IOException e) {
            throw new RunException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Stream<Run> runs(Path path, Variant variant) {
        var prefix = variant.key() + SEED;
        try (var folders = Files.list(path)) {
            return folders.filter(RunFolder::isRun)
                    .filter(folder -> folder.getFileName().toString().startsWith(prefix))
                    .flatMap(folder -> seed(folder.getFileName().toString().substring(prefix.length())).stream()
                            .map(seed -> new Run(variant, seed, folder)))
                    .sorted(Comparator.comparingLong(Run::seed))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new RunException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Optional<Long> seed(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns the folder of a run. */
    static Path run(Path ablation, Variant variant, long seed) {
        return ablation.resolve(variant.key() + SEED + seed);
    }

    /** Reads the rows there are. */
    static List<AblationRow> rows(Path path) throws IOException {
        var file = path.resolve(ROWS);
        return Files.exists(file)
                ? InputFile.text(file, MOST_ROWS).lines().map(line -> row(line, file)).toList()
                : List.of();
    }

    private static AblationRow row(String line, Path file) {
        try {
            return Optional.ofNullable(JSON.readValue(line, AblationRow.class))
                    .orElseThrow(() -> noRow(file, "it is null", null));
        } catch (JsonProcessingException e) {
            throw noRow(file, JsonProblem.of(e), e);
        }
    }

    private static RunException noRow(Path file, String problem, Exception cause) {
        return new RunException(file + " has a line that is no row: " + problem
                + "; delete it, or choose another folder with --out.", cause);
    }

    /** Returns what to call it: its folder's name. */
    public String name() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }
}
