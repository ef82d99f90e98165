package trm4j.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.train.run.ConfigFile;

/** {@code trm config}. */
@Command(
        name = "config",
        description = "Prints every setting that trm train would run with: those of CONFIG, and the paper's for "
                + "Sudoku-Extreme where it leaves one out. Sizes of 0 are taken from the data set. The authors' "
                + "configurations are printed as ours.",
        sortOptions = false)
final class ConfigCommand implements Runnable {

    @Parameters(paramLabel = "CONFIG", description = "YAML file; configs/ has some.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes a setting, such as train.lr=3e-4; may be repeated.")
    private List<String> changes = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        var config = ConfigFile.read(file);
        config.notices().forEach(notice -> out.println("# " + notice));
        out.print(config.config().with(changes).yaml());
        out.flush();
    }
}
