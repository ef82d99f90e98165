package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import trm4j.model.Checkpoint;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.train.table.RowNames;
import trm4j.train.table.RowsByName;
import trm4j.train.torch.ModelFile;

/**
 * The model whose weights a run begins with. Its net is that of the run; how often it is evaluated, and for how many
 * steps, is up to the run.
 *
 * @param file an absolute path
 * @param model without tensors
 */
record StartingModel(Path file, Checkpoint model) {

    /** Settings that weights of one value also work with at another. */
    private static final List<String> FREE =
            List.of("h_cycles", "l_cycles", "halt_max_steps", "halt_exploration_prob", "no_act_continue");
    /** Settings that the data set tells. */
    private static final List<String> SIZES = List.of("seq_len", "vocab_size", "num_puzzle_identifiers");

    /**
     * Finds the model that a path names: a file, a run's folder, a checkpoint's, a hub's or the authors'.
     *
     * @throws trm4j.train.RunException if there is none
     * @throws trm4j.model.file.CheckpointException if it cannot be read, or does not say its architecture
     */
    static StartingModel at(Path path) {
        return RunFolder.checkpoint(
                path, file -> new StartingModel(file.toAbsolutePath().normalize(), ModelFile.describe(file)));
    }

    /** Returns its architecture, for no puzzles in particular. */
    TrmConfig arch() {
        return model.config().forPuzzles(0, 0, 0);
    }

    /**
     * Refuses an architecture with another net.
     *
     * @param where the architecture stands, for messages
     * @throws ConfigException that names the setting
     */
    void requireNet(TrmConfig arch, String where) {
        var mine = model.config();
        same(where, "hidden_size", mine.hiddenSize(), arch.hiddenSize());
        same(where, "l_layers", mine.lLayers(), arch.lLayers());
        same(where, "separate_nets", mine.separateNets(), arch.separateNets());
        same(where, "mlp_t", mine.mlpT(), arch.mlpT());
        same(where, "expansion", mine.expansion(), arch.expansion());
        same(where, "puzzle_emb_ndim", mine.puzzleEmbNdim(), arch.puzzleEmbNdim());
        if (mine.puzzlePositions() != arch.puzzlePositions()) {
            same(where, "puzzle_emb_len", mine.puzzleEmbLen(), arch.puzzleEmbLen());
        }
        same(where, "rms_norm_eps", mine.rmsNormEps(), arch.rmsNormEps());
        if (!mine.mlpT()) {
            same(where, "num_heads", mine.numHeads(), arch.numHeads());
            same(where, "rope_theta", mine.ropeTheta(), arch.ropeTheta());
        }
        if (mine.rope() != arch.rope() || learnsPositions(mine) != learnsPositions(arch)) {
            same(where, "pos_encodings", word(mine), word(arch));
        }
    }

    private void same(String where, String key, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new ConfigException(where + "arch." + key + ": expected " + expected + ", as the weights of " + file
                    + " have it, found " + found + "; leave it out to take that.");
        }
    }

    private static boolean learnsPositions(TrmConfig arch) {
        return arch.posEncodings() == TrmConfig.Positions.LEARNED;
    }

    private static String word(TrmConfig arch) {
        return arch.posEncodings().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the weights for a run. Puzzle rows are found by their names where both sides have some; else they stay
     * where the run has as many, and are each the mean of them where it has not.
     *
     * @param arch with the sizes of the run's puzzles
     * @param names of the rows that the run has, if it has several
     * @param notices hears what comes of the model
     * @return all that a checkpoint holds
     * @throws ConfigException if the weights are of another net, or for other puzzles
     * @throws trm4j.model.file.CheckpointException if they cannot be read
     */
    Map<String, HostTensor> weights(TrmConfig arch, Optional<RowNames> names, Consumer<String> notices) {
        requireNet(arch, "");
        requirePuzzles(arch);
        notices.accept("Begins with the weights of " + file + ", which took " + model.step()
                + (model.step() == 1 ? " step." : " steps."));
        model.remark().ifPresent(notices);
        JsonNode mine = Settings.MAPPER.valueToTree(model.config());
        JsonNode its = Settings.MAPPER.valueToTree(arch);
        FREE.stream().filter(key -> !mine.get(key).equals(its.get(key))).forEach(key -> notices.accept(
                "They were trained with arch." + key + " " + mine.get(key) + ", the run has " + its.get(key) + "."));
        var whole = ModelFile.load(file);
        new Parameters(whole.config()).requireAll(whole.tensors(), file.toString());
        var tensors = new LinkedHashMap<>(whole.tensors());
        tensors.computeIfPresent(Parameters.PUZZLES, (_, table) -> whole.rowNames()
                .filter(digest -> names.isPresent() && !digest.equals(names.get().sha256()))
                .map(digest -> byName(table, digest, names.get(), notices))
                .orElseGet(() -> byNumber(table, arch.numPuzzleIdentifiers(), notices)));
        return tensors;
    }

    private HostTensor byName(HostTensor table, String digest, RowNames names, Consumer<String> notices) {
        var found = RowsByName.findIfNamed(file, digest, table.shape()[0], names);
        if (found.isEmpty()) {
            notices.accept(String.format(
                    Locale.ROOT, "The names of the puzzle table's %,d rows are not beside the model: each row becomes "
                            + "their mean.", table.shape()[0]));
            return table.meanRows(names.count());
        }
        int[] rows = found.get();
        notices.accept(String.format(
                Locale.ROOT, "Of the data set's %,d puzzle identifiers, the model knows %,d by name; the others get the "
                        + "mean of its %,d rows.",
                rows.length, Arrays.stream(rows).filter(row -> row >= 0).count(), table.shape()[0]));
        return RowsByName.take(table, rows);
    }

    private static HostTensor byNumber(HostTensor table, int rows, Consumer<String> notices) {
        boolean same = table.shape()[0] == rows;
        var sentence = same
                ? "The puzzle table keeps its %,d rows."
                : "The puzzle table has %,d rows, the data set %,d identifiers: each row becomes their mean.";
        notices.accept(String.format(Locale.ROOT, sentence, table.shape()[0], rows));
        return same ? table : table.meanRows(rows);
    }

    /**
     * Returns what a run keeps of where its weights came from.
     *
     * @param arch the run's
     */
    RunState.Origin origin(TrmConfig arch) {
        JsonNode mine = Settings.MAPPER.valueToTree(model.config());
        JsonNode its = Settings.MAPPER.valueToTree(arch);
        var guessed = model.guessed().stream()
                .filter(key -> !SIZES.contains(key) && mine.get(key).equals(its.get(key)))
                .toList();
        return new RunState.Origin(file.toString(), model.step(), guessed);
    }

    private void requirePuzzles(TrmConfig arch) {
        var mine = model.config();
        boolean ofOneLength = mine.mlpT() || learnsPositions(mine);
        if (mine.vocabSize() != arch.vocabSize() || ofOneLength && mine.seqLen() != arch.seqLen()) {
            throw new ConfigException("run.init: expected the weights of a model for the data set's puzzles of "
                    + arch.seqLen() + " tokens of " + arch.vocabSize() + ", found " + file + " for puzzles of "
                    + mine.seqLen() + " tokens of " + mine.vocabSize() + "; begin with another model.");
        }
    }
}
