package trm4j.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.kernels.UserException;
import trm4j.model.config.ConfigException;
import trm4j.model.config.PaperTask;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.InputFile;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;

/**
 * All that a training run is told, as its YAML file has it.
 *
 * @param puzzles the Sudokus to make when no data set is given
 */
public record RunConfig(Run run, NewSudokus puzzles, TrmConfig arch, TrainConfig train) {

    private static final ObjectMapper YAML = new YAMLMapper(
            YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** Where changes on the command line stand, for messages. */
    private static final String SET = "--set";
    /** Far more than settings take. */
    private static final int MOST_BYTES = 1 << 20;

    /**
     * How long to train, and what to look at on the way.
     *
     * @param steps to train; 0 for as many as the epochs take
     * @param epochs to train, where one takes a puzzle of each group
     * @param evalInterval steps between evaluations on the test puzzles; 0 for one at the end
     * @param evalBatch puzzles evaluated at a time
     * @param evalPuzzles test puzzles solved in an evaluation, taken from all over the data set; 0 for all
     * @param checkpointInterval steps between checkpoints, besides those that are evaluated; 0 for none
     * @param checkpointMinutes until there is another checkpoint in any case; 0 for any time
     * @param keepCheckpoints how many of the newest stay, besides the best; 0 for all
     * @param seed of all that is random
     * @param init the model or run whose weights to begin with; empty for new ones
     */
    public record Run(
            long steps, long epochs, long evalInterval, int evalBatch, int evalPuzzles, long checkpointInterval,
            double checkpointMinutes, int keepCheckpoints, long seed, String init) {

        public Run {
            require(steps >= 0, "steps", "a whole number of at least 0", steps);
            require(epochs >= 0, "epochs", "a whole number of at least 0", epochs);
            require(steps > 0 || epochs > 0, "steps", "at least 1 step or epoch", steps);
            require(evalInterval >= 0, "eval_interval", "a whole number of at least 0", evalInterval);
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

        private static Path path(String init) {
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

        private static void require(boolean holds, String key, String expected, Object found) {
            ConfigException.require(holds, "run." + key, expected, found);
        }
    }

    /**
     * Sudokus to make.
     *
     * @param size cells in a row: 4, 6 or 9; 0 to make none
     * @param train puzzles to train on
     * @param test puzzles to test on, none of which is symmetric to a training puzzle
     * @param minClues fewest digits given in a puzzle
     * @param maxClues most digits given in a puzzle
     * @param augment symmetric copies of each training puzzle
     */
    public record NewSudokus(int size, int train, int test, int minClues, int maxClues, int augment) {

        /**
         * Returns what to make.
         *
         * @throws trm4j.train.DatasetException if there are no such Sudokus
         */
        public Optional<SudokuSource> source(long seed) {
            return Optional.of(size).filter(n -> n > 0).map(n -> new SudokuSource.Generated(
                    rules(), train, test, minClues, maxClues, augment, seed));
        }

        /** Returns what the data set of such puzzles says of their sizes. */
        public DatasetInfo info() {
            return rules().info();
        }

        private SudokuRules rules() {
            return SudokuRules.ofSize(size).orElseThrow(() ->
                    new ConfigException("puzzles.size: expected 0, 4, 6 or 9, found " + size + "."));
        }
    }

    /** The paper's training on Sudoku-Extreme: what settings are that are left out. */
    public static final RunConfig PAPER = of(PaperTask.SUDOKU_EXTREME);

    /** Returns the paper's training on a task. */
    public static RunConfig of(PaperTask task) {
        return new RunConfig(
                new Run(0, task.epochs(), 0, 64, 0, 0, 10, 3, 0, ""), new NewSudokus(0, 1000, 1000, 0, 0, 0),
                task.arch(), task.train());
    }

    /**
     * Reads a YAML file; keys that are left out are the paper's for Sudoku-Extreme.
     *
     * @throws ConfigException if it cannot be read, or has an unknown key or a value out of range
     */
    public static RunConfig read(Path file) {
        return of(tree(file), file);
    }

    /**
     * Reads a YAML file to begin a run with. Where that begins with a model's weights, what is left out of the
     * architecture is the model's, and what is said of its net must be the same.
     *
     * @param changes as {@link #with(List)} takes them
     * @param init the model or run whose weights to begin with; null for what the file says
     * @throws ConfigException if it cannot be read, has an unknown key or a value out of range, or another net
     * @throws trm4j.kernels.UserException if the model cannot be read
     */
    public static RunConfig begin(Path file, List<String> changes, Path init) {
        var settings = tree(file);
        var changed = changes(changes);
        var said = Stream.of(changed, settings).flatMap(RunConfig::init).findFirst();
        var start = Optional.ofNullable(init).map(Path::toString).or(() -> said).filter(text -> !text.isBlank());
        if (start.isEmpty()) {
            return Settings.read(of(settings, file), changed, SET);
        }
        var model = StartingModel.at(Run.path(start.get()));
        var read = Settings.read(PAPER.with(model.arch()), settings, file.toString());
        model.requireNet(read.arch, file + ": ");
        var config = Settings.read(read, changed, SET);
        model.requireNet(config.arch, SET + ": ");
        var run = YAML.createObjectNode();
        run.putObject("run").put("init", model.file().toString());
        return Settings.read(config, run, SET);
    }

    private static Stream<String> init(JsonNode settings) {
        return settings.properties().stream()
                .filter(section -> section.getKey().equalsIgnoreCase("run"))
                .flatMap(section -> section.getValue().properties().stream())
                .filter(setting -> setting.getKey().equalsIgnoreCase("init"))
                .map(setting -> setting.getValue().asText());
    }

    /** Returns what a configuration's file is called, without its ending: a name for what is made from it. */
    public static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    }

    /** Makes a configuration from a file's settings. */
    public static RunConfig of(JsonNode settings, Path file) {
        return Settings.read(PAPER, settings, file.toString());
    }

    /**
     * Reads a YAML file's settings as they stand.
     *
     * @throws ConfigException if it cannot be read
     */
    public static JsonNode tree(Path file) {
        try {
            var tree = YAML.readTree(InputFile.text(file, MOST_BYTES));
            return tree == null || tree.isMissingNode() || tree.isNull() ? YAML.createObjectNode() : tree;
        } catch (NoSuchFileException e) {
            throw new ConfigException("There is no configuration " + file
                    + "; configs/ has some to start from, such as configs/sudoku-mini.yaml.", e);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new ConfigException(file + " is not YAML: " + e.getOriginalMessage().lines().findFirst().orElse("")
                    + (at == null ? "" : " in line " + at.getLineNr()) + ".", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " is not YAML: expected text in UTF-8, found other bytes; save it so.", e);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Returns the same run with some of its settings changed on the command line; null keeps what is there. */
    public RunConfig with(Long steps, Long seed) {
        var changed = new Run(
                steps == null ? run.steps : steps, run.epochs, run.evalInterval, run.evalBatch, run.evalPuzzles,
                run.checkpointInterval, run.checkpointMinutes, run.keepCheckpoints, seed == null ? run.seed : seed,
                run.init);
        return new RunConfig(changed, puzzles, arch, train);
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

    private static ObjectNode changes(List<String> changes) {
        var tree = YAML.createObjectNode();
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
            var value = YAML.readTree(text);
            if (value != null && !value.isMissingNode() && !value.isNull()) {
                return value;
            }
        } catch (JsonProcessingException e) {
            // Told below, as what is missing is.
        }
        throw new ConfigException("--set " + change + ": expected a value as in YAML, found \"" + text + "\".");
    }

    /** Returns the same run with another architecture. */
    public RunConfig with(TrmConfig other) {
        return new RunConfig(run, puzzles, other, train);
    }

    /** Returns the whole configuration as YAML. */
    public String yaml() {
        try {
            ObjectNode tree = Settings.MAPPER.valueToTree(this);
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
