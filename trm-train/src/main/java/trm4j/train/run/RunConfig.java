package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import trm4j.kernels.UserException;
import trm4j.model.config.ConfigException;
import trm4j.model.config.PaperTask;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * All that a training run is told, as its YAML file has it.
 *
 * @param puzzles what to make when no data set is given
 */
public record RunConfig(Run run, NewPuzzles puzzles, TrmConfig arch, TrainConfig train) {

    /** Where changes on the command line stand, for messages. */
    static final String SET = "--set";

    /**
     * How long to train, and what to look at on the way.
     *
     * @param steps training steps; 0 for as many as the epochs take
     * @param epochs how often each group of puzzles is drawn from, where no steps are said
     * @param evalInterval steps between evaluations on the test puzzles; 0 for as many as {@code eval_epochs} take
     * @param evalEpochs epochs between evaluations; 0 for one evaluation at the end
     * @param minEvalInterval how many evaluations are left out at the beginning, but for the one at the end
     * @param evalBatch puzzles evaluated at a time
     * @param evalPuzzles test puzzles solved in an evaluation at most, taken from all over the data set, of ARC tasks
     *     whole tasks and at least one; 0 for all
     * @param checkpointInterval steps between checkpoints, besides those that are evaluated; 0 for none
     * @param checkpointMinutes until there is another checkpoint in any case; 0 for any time
     * @param keepCheckpoints how many of the newest stay, besides the best; 0 for all
     * @param seed the seed of all that is random
     * @param init the model or run whose weights to begin with; empty for new ones
     */
    public record Run(
            long steps, long epochs, long evalInterval, long evalEpochs, long minEvalInterval, int evalBatch,
            int evalPuzzles, long checkpointInterval, double checkpointMinutes, int keepCheckpoints, long seed,
            String init) {

        public Run {
            require(steps >= 0, "steps", "a whole number of at least 0", steps);
            require(epochs >= 0, "epochs", "a whole number of at least 0", epochs);
            require(steps > 0 || epochs > 0, "steps", "at least 1 step or epoch", steps);
            require(evalInterval >= 0, "eval_interval", "a whole number of at least 0", evalInterval);
            require(evalEpochs >= 0, "eval_epochs", "a whole number of at least 0", evalEpochs);
            require(minEvalInterval >= 0, "min_eval_interval", "a whole number of at least 0", minEvalInterval);
            require(evalBatch >= 1, "eval_batch", "a whole number of at least 1", evalBatch);
            require(evalPuzzles >= 0, "eval_puzzles", "a whole number of at least 0", evalPuzzles);
            require(
                    checkpointInterval >= 0, "checkpoint_interval", "a whole number of at least 0",
                    checkpointInterval);
            require(
                    checkpointMinutes >= 0 && Double.isFinite(checkpointMinutes), "checkpoint_minutes",
                    "a number of at least 0", checkpointMinutes);
            require(keepCheckpoints >= 0, "keep_checkpoints", "a whole number of at least 0", keepCheckpoints);
            path(init);
        }

        static Path path(String init) {
            try {
                return Path.of(init);
            } catch (InvalidPathException e) {
                throw new ConfigException("run.init: expected a model's file or a run's folder, found "
                        + UserException.shown(init) + ".", e);
            }
        }

        /** Returns the model or run whose weights to begin with, if they are not new ones. */
        public Optional<Path> start() {
            return Optional.of(init).filter(text -> !text.isBlank()).map(Run::path);
        }

        /**
         * Returns the same with some settings changed.
         *
         * @param changes to a draft of it, such as {@code run -> run.steps = 100}
         * @throws ConfigException if what comes of it is out of range
         */
        public Run with(Consumer<RunDraft> changes) {
            var draft = new RunDraft(this);
            changes.accept(draft);
            return draft.build();
        }

        private static void require(boolean holds, String key, String expected, Object found) {
            ConfigException.require(holds, "run." + key, expected, found);
        }
    }

    /** The paper's training on Sudoku-Extreme: what settings are that are left out. */
    public static final RunConfig PAPER = of(PaperTask.SUDOKU_EXTREME);

    /** Returns the paper's training on a task. */
    public static RunConfig of(PaperTask task) {
        return new RunConfig(
                new Run(0, task.epochs(), 0, 0, 0, 64, 0, 0, 10, 3, 0, ""), NewPuzzles.NONE, task.arch(), task.train());
    }

    /**
     * Reads a file as {@link ConfigFile} does, which says more.
     *
     * @throws ConfigException as there
     */
    public static RunConfig read(Path file) {
        return ConfigFile.read(file).config();
    }

    /** Returns what a configuration's file is called, without its ending: a name for what is made from it. */
    public static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    }

    /** Makes a configuration from a file's settings. */
    public static RunConfig of(JsonNode settings, Path file) {
        return Settings.read(PAPER, settings, file.toString());
    }

    /** Returns the same run with some of its settings changed on the command line; null keeps what is there. */
    public RunConfig with(Long steps, Long seed) {
        return with(run.with(draft -> {
            draft.steps = steps == null ? draft.steps : steps;
            draft.seed = seed == null ? draft.seed : seed;
        }));
    }

    /**
     * Returns the same run with some of its settings changed, however deep.
     *
     * @param changes each {@code KEY=VALUE}, such as {@code train.lr=3e-4}; values as in YAML
     * @throws ConfigException for a change that is not of this form, an unknown key or a value out of range
     */
    public RunConfig with(List<String> changes) {
        return Settings.read(this, changes(changes), SET);
    }

    /** Returns changes as {@link #with(List)} takes them as settings. */
    static ObjectNode changes(List<String> changes) {
        var tree = JsonNodeFactory.instance.objectNode();
        for (var change : changes) {
            int equals = change.indexOf('=');
            var path = change.substring(0, Math.max(0, equals)).strip().split("\\.", -1);
            if (equals < 1 || Stream.of(path).anyMatch(String::isBlank)) {
                throw new ConfigException("--set " + change + ": expected KEY=VALUE, such as train.lr=3e-4.");
            }
            var parent = tree;
            for (int i = 0; i < path.length - 1; i++) {
                parent = parent.path(path[i]) instanceof ObjectNode inner ? inner : parent.putObject(path[i]);
            }
            parent.set(path[path.length - 1], value(change, change.substring(equals + 1)));
        }
        return tree;
    }

    private static JsonNode value(String change, String text) {
        try {
            var value = Yaml.parse(text, "--set " + change);
            if (!value.isMissingNode() && !value.isNull()) {
                return value;
            }
        } catch (IOException e) {
            // Told below, as what is missing is.
        }
        throw new ConfigException("--set " + change + ": expected a value as in YAML, found \"" + text + "\".");
    }

    /** Returns the same, for as long, and with as much to look at, as this says. */
    public RunConfig with(Run other) {
        return new RunConfig(other, puzzles, arch, train);
    }

    /** Returns the same run with another architecture. */
    public RunConfig with(TrmConfig other) {
        return new RunConfig(run, puzzles, other, train);
    }

    /** Returns the same run, training in another way. */
    public RunConfig with(TrainConfig other) {
        return new RunConfig(run, puzzles, arch, other);
    }

    /** Returns the whole configuration as YAML. */
    public String yaml() {
        return Yaml.write(Settings.MAPPER.valueToTree(this));
    }

    /** Returns all that settles which puzzles are made, as YAML. */
    String puzzlesYaml() {
        var tree = Settings.MAPPER.createObjectNode();
        tree.set("puzzles", Settings.MAPPER.valueToTree(puzzles));
        tree.putObject("run").put("seed", run.seed);
        return Yaml.write(tree);
    }
}
