package trm4j.train.table;

import static trm4j.kernels.UserException.shown;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import trm4j.model.Checkpoint;
import trm4j.model.net.Parameters;
import trm4j.train.EvaluationException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.arc.ArcAugmentation;

/**
 * A model as it solves the puzzles of a data set: its puzzle table has a row for each of the data set's identifiers,
 * in their order. Where the names of both are known, rows are found by them, whatever the numbering; an identifier
 * that the model has no row for gets the mean of all rows, as in the authors' {@code load_checkpoint}.
 *
 * @param model with the rows of the data set
 * @param remark a sentence for people, where it is not a matter of course which rows the puzzles get
 */
public record FittedModel(Checkpoint model, Optional<String> remark) {

    /**
     * Fits a model to a data set.
     *
     * @param file where the model was read from, beside which the names of its rows may stand
     * @throws EvaluationException if the model is for puzzles of other sizes
     * @throws trm4j.model.file.CheckpointException if the names of its rows are others, and not there to find rows by
     */
    public static FittedModel of(Checkpoint model, Path file, PuzzleDataset dataset) {
        return of(model, file, dataset, dataset.folder());
    }

    /**
     * Fits a model to a data set.
     *
     * @param data where its puzzles are from, for messages; else as {@link #of(Checkpoint, Path, PuzzleDataset)}
     */
    public static FittedModel of(Checkpoint model, Path file, PuzzleDataset dataset, Path data) {
        var config = model.config();
        var info = dataset.info();
        require(data, "seq_len", config.seqLen(), info.seqLen());
        require(data, "vocab_size", config.vocabSize(), info.vocabSize());
        if (config.puzzleEmbNdim() == 0) {
            return new FittedModel(model, Optional.empty());
        }
        var alike = alike(model, dataset);
        if (model.rowNames().isPresent() && !dataset.identifiers().isEmpty()) {
            var named = byName(model, file, dataset, data);
            return alike.isPresent() ? new FittedModel(named.model, alike) : named;
        }
        require(data, "num_puzzle_identifiers", config.numPuzzleIdentifiers(), info.numPuzzleIdentifiers());
        if (info.numPuzzleIdentifiers() == 1) {
            return new FittedModel(model, Optional.empty());
        }
        boolean named = model.rowNames().isPresent();
        return new FittedModel(model, alike.isPresent() ? alike : Optional.of(
                (named ? dataset.folder() + " has no names for" : file + " does not know by name")
                        + " the puzzle identifiers; those of the data set are taken to be numbered as when the model "
                        + "was trained."));
    }

    private static void require(Path data, String key, int model, int puzzles) {
        if (model != puzzles) {
            throw new EvaluationException("The data set " + data + " has " + key + " " + puzzles
                    + ", expected " + model + ", which the model was trained for; take the data set that it was "
                    + "trained with, or one like it.");
        }
    }

    private static FittedModel byName(Checkpoint model, Path file, PuzzleDataset dataset, Path data) {
        var wanted = new RowNames(dataset.identifiers());
        var digest = model.rowNames().orElseThrow();
        int count = model.config().numPuzzleIdentifiers();
        if (wanted.sha256().equals(digest)) {
            require(data, "num_puzzle_identifiers", count, wanted.count());
            return new FittedModel(model, Optional.empty());
        }
        int[] rows = RowsByName.find(file, digest, count, wanted, data);
        var config = model.config().forPuzzles(
                model.config().seqLen(), model.config().vocabSize(), rows.length);
        // Refuses a table that would be too large.
        new Parameters(config);
        var tensors = new LinkedHashMap<>(model.tensors());
        tensors.computeIfPresent(Parameters.PUZZLES, (_, table) -> RowsByName.take(table, rows));
        var fitted = new Checkpoint(config, model.train(), model.step(), tensors, Optional.of(wanted.sha256()),
                model.guessed());
        return new FittedModel(fitted, remark(file, dataset, rows));
    }

    private static Optional<String> remark(Path file, PuzzleDataset dataset, int[] rows) {
        var names = dataset.identifiers();
        var known = new TreeSet<Integer>();
        var unknown = new TreeSet<Integer>();
        int examples = 0;
        for (int puzzle = 0; puzzle < dataset.puzzles(); puzzle++) {
            int identifier = dataset.identifier(puzzle);
            (rows[identifier] < 0 ? unknown : known).add(identifier);
            examples += rows[identifier] < 0 ? dataset.firstExample(puzzle + 1) - dataset.firstExample(puzzle) : 0;
        }
        return unknown.isEmpty() ? Optional.empty() : Optional.of(tasks(names, known, unknown) + String.format(
                Locale.ROOT, "Of the %,d puzzle identifiers of %,d puzzles, %s does not know %,d (%,d puzzles) by "
                        + "name, such as %s; these get the mean of all its rows.",
                known.size() + unknown.size(), dataset.examples(), file, unknown.size(), examples,
                shown(names.get(unknown.first()))));
    }

    /** How many ARC tasks are known, whose copies have names of their own; nothing where names are of no copies. */
    private static String tasks(List<String> names, Set<Integer> known, Set<Integer> unknown) {
        var knownTasks = tasks(names, known);
        var all = tasks(names, unknown);
        all.addAll(knownTasks);
        boolean copies = known.size() + unknown.size() > all.size();
        return copies || knownTasks.isEmpty() ? String.format(
                Locale.ROOT, "%,d of %,d tasks are known to this model. ", knownTasks.size(), all.size()) : "";
    }

    private static Set<String> tasks(List<String> names, Set<Integer> identifiers) {
        return identifiers.stream().map(names::get).map(ArcAugmentation::task)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** A sentence where all rows are the same, as those of weights that were imported for puzzles they do not know. */
    private static Optional<String> alike(Checkpoint model, PuzzleDataset dataset) {
        var table = model.tensors().get(Parameters.PUZZLES);
        int count = table == null ? 0 : table.shape()[0];
        if (count < 3) {
            return Optional.empty();
        }
        int width = table.shape()[1];
        var values = table.values();
        for (int i = width; i < values.length; i++) {
            if (values[i] != values[i - width]) {
                return Optional.empty();
            }
        }
        var identifiers = IntStream.range(0, dataset.puzzles()).map(dataset::identifier).boxed()
                .collect(Collectors.toSet());
        var names = dataset.identifiers();
        return Optional.of(String.format(
                Locale.ROOT, "0 of %,d %s are known to this model: all %,d rows of its puzzle table are the same.",
                names.isEmpty() ? identifiers.size() : tasks(names, identifiers).size(),
                names.isEmpty() ? "puzzle identifiers" : "tasks", count));
    }
}
