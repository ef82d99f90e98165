package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import trm4j.kernels.UserException;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;

/**
 * A configuration as a file has it, ours or the authors'.
 *
 * @param notices what the user should know of how it was taken, a sentence each
 * @param data the data sets to train on that it names, which ours never does
 * @param testData the data sets to test on that it names, if they are others
 */
public record ConfigFile(RunConfig config, List<String> notices, List<Path> data, List<Path> testData) {

    /**
     * Reads a file. What ours leaves out is the paper's for Sudoku-Extreme.
     *
     * @throws ConfigException if it cannot be read, has an unknown key or a value out of range
     */
    public static ConfigFile read(Path file) {
        return read(file, (_, whole) -> RunConfig.of(whole, file));
    }

    /**
     * Reads a file to begin a run with. Where that begins with a model's weights, what is left out of the architecture
     * is the model's, and what is said of its net must be the same.
     *
     * @param changes as {@link RunConfig#with(List)} takes them
     * @param init the model or run whose weights to begin with; null for what the file says
     * @throws ConfigException as {@link #read(Path)} does, and if it has another net than the model
     * @throws trm4j.kernels.UserException if the model cannot be read
     */
    public static ConfigFile begin(Path file, List<String> changes, Path init) {
        return read(file, (said, whole) -> begin(said, whole, file, changes, init));
    }

    /** @param reading is given what the file says, and that with what its writer has where it says nothing */
    private static ConfigFile read(Path file, BiFunction<JsonNode, JsonNode, RunConfig> reading) {
        var tree = Yaml.read(file);
        if (!AuthorsConfig.is(tree)) {
            return new ConfigFile(reading.apply(tree, tree), List.of(), List.of(), List.of());
        }
        var authors = new AuthorsConfig(tree, file);
        return new ConfigFile(
                reading.apply(authors.said(), authors.whole()), authors.notices(), authors.data(), authors.testData());
    }

    private static RunConfig begin(JsonNode said, JsonNode whole, Path file, List<String> changes, Path init) {
        var changed = RunConfig.changes(changes);
        var named = Stream.of(changed, said).flatMap(ConfigFile::init).findFirst();
        var start = Optional.ofNullable(init).map(Path::toString).or(() -> named).filter(text -> !text.isBlank());
        if (start.isEmpty()) {
            return Settings.read(RunConfig.of(whole, file), changed, RunConfig.SET);
        }
        var model = startingModel(RunConfig.Run.path(start.get()), init != null ? "--init" : "run.init");
        var read = Settings.read(RunConfig.PAPER.with(model.arch()), said, file.toString());
        model.requireNet(read.arch(), file + ": ");
        var config = Settings.read(read, changed, RunConfig.SET);
        model.requireNet(config.arch(), RunConfig.SET + ": ");
        var run = JsonNodeFactory.instance.objectNode();
        run.putObject("run").put("init", model.file().toString());
        return Settings.read(config, run, RunConfig.SET);
    }

    private static StartingModel startingModel(Path path, String key) {
        try {
            return StartingModel.at(path);
        } catch (UserException e) {
            throw new ConfigException(key + ", which tells what weights to begin with: " + e.getMessage(), e);
        }
    }

    private static Stream<String> init(JsonNode settings) {
        return settings.properties().stream()
                .filter(section -> section.getKey().equalsIgnoreCase("run"))
                .flatMap(section -> section.getValue().properties().stream())
                .filter(setting -> setting.getKey().equalsIgnoreCase("init"))
                .map(Map.Entry::getValue)
                // What names nothing is refused where all settings are read.
                .filter(value -> value.isValueNode() && !value.isNull())
                .map(JsonNode::asText);
    }
}
