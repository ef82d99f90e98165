package trm4j.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.model.torch.WeightsFile;
import trm4j.train.run.ConfigFile;
import trm4j.train.run.RunConfig;
import trm4j.train.run.ShippedModels;
import trm4j.train.run.Training;
import trm4j.train.torch.ModelFile;

/** {@code trm config}. */
@Command(
        name = "config",
        description = "Prints every setting that trm train would run with: those of CONFIG, and the paper's for "
                + "Sudoku-Extreme where it leaves one out. Sizes of 0 are taken from the data set. The authors' "
                + "configurations are printed as ours. Of a model, prints its architecture and how it was trained.",
        sortOptions = false)
final class ConfigCommand implements Runnable {

    @Parameters(
            paramLabel = "CONFIG",
            description = "YAML file, configs/ has some; or a model: a run's folder, a .safetensors file, or the name "
                    + "of one that comes with trm.")
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
        out.print((isModel() ? ofModel(out) : ofFile(out)).yaml());
        out.flush();
    }

    private boolean isModel() {
        return Files.isDirectory(file) || WeightsFile.isOne(file) || ShippedModels.named(file).isPresent();
    }

    private RunConfig ofFile(PrintWriter out) {
        var config = ConfigFile.begin(file, changes, null);
        config.notices().forEach(notice -> out.println("# " + notice));
        return config.config();
    }

    private RunConfig ofModel(PrintWriter out) {
        var model = Training.checkpoint(file, ModelFile::describe);
        model.remark().ifPresent(sentence -> out.println("# " + sentence));
        var paper = RunConfig.PAPER;
        return new RunConfig(paper.run(), paper.puzzles(), model.config(), model.train()).with(changes);
    }
}
