package trm4j.train.run;

import java.nio.file.Path;
import java.util.List;
import trm4j.model.config.ConfigException;

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
     * @throws ConfigException if it cannot be read, has an unknown key or a value out of range, or is the authors' and
     *     asks for something that is not supported
     */
    public static ConfigFile read(Path file) {
        var tree = Yaml.read(file);
        return AuthorsConfig.is(tree)
                ? new AuthorsConfig(tree, file).configFile()
                : new ConfigFile(RunConfig.of(tree, file), List.of(), List.of(), List.of());
    }
}
