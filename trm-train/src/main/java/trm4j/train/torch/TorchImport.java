package trm4j.train.torch;

import static trm4j.kernels.UserException.shown;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import trm4j.model.Checkpoint;
import trm4j.model.config.PaperTask;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.net.WeightShapes;
import trm4j.model.torch.WeightsFile;
import trm4j.train.Plural;
import trm4j.train.run.AuthorsFolder;
import trm4j.train.table.RowNames;
import trm4j.train.table.RowsByName;

/**
 * Makes a checkpoint of ours out of weights that the authors' code or another program saved, and what is known of their
 * architecture.
 */
public final class TorchImport implements AutoCloseable {

    /** As the authors' script saves its settings, and as hubs of models have them. */
    private static final List<String> BESIDE = List.of("all_config.yaml", "config.json");

    private final Path file;
    private final WeightsFile weights;
    private final TrmConfig config;
    private final TrainConfig train;
    private final long step;
    private final List<String> guessed;
    private final Optional<RowNames> rowNames;
    /** For each identifier of the data set, the row that it gets; nothing where rows stay, or all become their mean. */
    private final Optional<int[]> rows;
    private final Optional<String> sha256;
    private final List<String> report = new ArrayList<>();

    /**
     * Opens a file and finds out its architecture.
     *
     * @param configFile YAML or JSON, ours or the authors'; else one of {@link #besides}, if it is there
     * @param data the data set whose number of puzzle identifiers the model is to have
     * @throws trm4j.kernels.UserException if the file is not one, or what is said of its architecture is at odds
     */
    public TorchImport(Path file, Optional<Path> configFile, Optional<Path> data) {
        this.file = file;
        weights = WeightsFile.open(file);
        try {
            var shapes = WeightShapes.of(weights.shapes(), file.toString());
            var given = given(configFile);
            var task = PaperTask.ofVocabulary(shapes.vocabSize());
            train = given.map(GivenConfig::train).orElse(task.map(PaperTask::train).orElse(TrainConfig.PAPER));
            step = given.map(GivenConfig::step).filter(s -> s > 0).orElseGet(() -> AuthorsFolder.step(file).orElse(0));
            var finder = new ArchitectureFinder(file, shapes, data);
            var sheet = finder.find(given);
            guessed = finder.guessed();
            config = sheet.config();
            requireFit(data.isPresent());
            var before = weights.recorded().flatMap(Checkpoint::rowNames);
            rowNames = data.isPresent()
                    ? RowNames.ofData(config, data.get())
                    : before.flatMap(digest -> RowNames.beside(file, digest));
            sha256 = data.isPresent() ? rowNames.map(RowNames::sha256) : before;
            rows = before.filter(digest -> rowNames.isPresent() && !sha256.equals(before))
                    .map(digest -> RowsByName.find(file, digest, shapes.puzzleRows(), rowNames.get(), data.get()));
            report(sheet, given, shapes.puzzleRows());
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private Optional<GivenConfig> given(Optional<Path> configFile) {
        return configFile.map(GivenConfig::read)
                .or(() -> weights.recorded().map(json -> GivenConfig.recorded(json, file)))
                .or(() -> BESIDE.stream().map(file::resolveSibling)
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .map(beside -> GivenConfig.read(beside)
                                .noting("Takes " + beside + ", which lies beside the file.")));
    }

    /** Returns where a configuration is looked for if none is named. */
    static List<String> besides(Path file) {
        return BESIDE.stream().map(name -> file.resolveSibling(name).toString()).toList();
    }

    /** Refuses weights that are not exactly those of the architecture, but for puzzle rows that are to be replaced. */
    private void requireFit(boolean otherPuzzles) {
        var found = weights.shapes();
        new Parameters(config).shapes().forEach((name, shape) -> {
            var there = found.remove(name);
            boolean replaced = otherPuzzles && name.equals(Parameters.PUZZLES) && there != null && there[0] > 0;
            if (there == null || !Arrays.equals(there, shape) && !replaced) {
                throw new CheckpointException(file + ": expected tensor " + name + " " + Arrays.toString(shape)
                        + ", found " + (there == null ? "none" : Arrays.toString(there))
                        + "; the weights do not fit the architecture.");
            }
        });
        if (!found.isEmpty()) {
            throw new CheckpointException(file + " has a tensor "
                    + shown(found.keySet().iterator().next()) + " that a TRM does not have, expected the "
                    + "weights of the authors' recursive_reasoning/trm.py; other models are not known here.");
        }
    }

    private void report(SourcedSettings sheet, Optional<GivenConfig> given, int puzzleRows) {
        report.add(String.format(
                Locale.ROOT, "%s: %,d parameters in %s", file, parameters(puzzleRows),
                Plural.count(weights.shapes().size(), "tensor")));
        given.ifPresent(g -> report.addAll(g.notices()));
        if (rows.isPresent()) {
            report.add(String.format(
                    Locale.ROOT, "Of the data set's %,d puzzle identifiers, the file knows %,d by name; the others get "
                            + "the mean of its %,d rows.", rows.get().length,
                    Arrays.stream(rows.get()).filter(row -> row >= 0).count(), puzzleRows));
        } else if (puzzleRows > 0 && puzzleRows != config.numPuzzleIdentifiers()) {
            report.add(String.format(
                    Locale.ROOT, "The puzzle table has %,d %s, the data set %,d %s: each row becomes their mean.",
                    puzzleRows, Plural.of(puzzleRows, "row"), config.numPuzzleIdentifiers(),
                    Plural.of(config.numPuzzleIdentifiers(), "identifier")));
        }
        int rowsNow = config.numPuzzleIdentifiers();
        if (puzzleRows > 0 && puzzleRows != rowsNow) {
            report.add(String.format(
                    Locale.ROOT, "With %,d rows in place of %,d, the model has %,d parameters.", rowsNow, puzzleRows,
                    parameters(rowsNow)));
        }
        sheet.bySource().forEach((source, lines) -> {
            report.add(source + ":");
            lines.forEach(line -> report.add("  " + line));
        });
    }

    /** What a model with so many puzzle rows has in all. */
    private long parameters(int puzzleRows) {
        int otherRows = puzzleRows > 0 ? puzzleRows - config.numPuzzleIdentifiers() : 0;
        return new Parameters(config).trained() + (long) config.puzzleEmbNdim() * otherRows;
    }

    /** Returns the keys under arch that neither the weights nor a configuration told, and that were guessed. */
    public List<String> guessed() {
        return guessed;
    }

    /** Returns what was found, line by line. */
    public List<String> report() {
        return List.copyOf(report);
    }

    /** Returns the checkpoint without tensors. */
    Checkpoint description() {
        return new Checkpoint(config, train, step, Map.of(), sha256, guessed);
    }

    /**
     * Reads the weights.
     *
     * @throws CheckpointException if they are not whole
     */
    public Checkpoint checkpoint() {
        var tensors = new LinkedHashMap<>(weights.tensors());
        tensors.computeIfPresent(Parameters.PUZZLES, (_, table) -> puzzles(table));
        return new Checkpoint(config, train, step, tensors, sha256, guessed);
    }

    /** Returns the names of the checkpoint's puzzle rows, if they are known. */
    public Optional<RowNames> rowNames() {
        return rowNames;
    }

    /**
     * Returns the puzzle table, with the rows found by name where the file says them; else, with another number of
     * rows, all are the mean, as in the authors' {@code load_checkpoint}.
     */
    private HostTensor puzzles(HostTensor table) {
        if (rows.isPresent()) {
            return RowsByName.take(table, rows.get());
        }
        return table.shape()[0] == config.numPuzzleIdentifiers()
                ? table
                : table.meanRows(config.numPuzzleIdentifiers());
    }

    @Override
    public void close() {
        weights.close();
    }
}
