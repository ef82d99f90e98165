package trm4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.train.torch.TorchImport;

/** {@code trm import}. */
@Command(
        name = "import",
        description =
                "Makes a checkpoint of weights that the authors' PyTorch code or another program saved. Says which "
                + "settings the weights' shapes tell, and which are guessed; MODEL remembers these. Nothing in FILE is "
                + "executed.",
        sortOptions = false)
final class ImportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            description = "A model's weights by the authors' names: a file of torch.save with the state dict, or a "
                    + ".safetensors file.")
    private Path file;

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "The .safetensors file to write.")
    private Path out;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with the architecture: as trm train takes it, or the authors' all_config.yaml "
                    + "(default: the one beside FILE, if it is there).")
    private Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data set that the model is to have puzzle rows for: those that FILE knows by the names of "
                    + "the data set's identifiers, else its rows if they are as many, or their mean (default: keeps the "
                    + "rows).")
    private Path data;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = DtypeConverter.class,
            description = "How activations are stored when the model is used: float32 or bfloat16 (default: as the "
                    + "configuration says, else float32).")
    private TrmConfig.Dtype dtype;

    @Option(
            names = "--no-guess",
            description = "Refuses a FILE whose architecture neither its weights nor a configuration tell as a whole, "
                    + "instead of guessing the rest from the paper.")
    private boolean noGuess;

    @Mixin
    private OutputFile target;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        target.requireFree(out, file);
        var print = spec.commandLine().getOut();
        try (var _ = new Waiting("Reading " + file + " ...", print);
                var found = new TorchImport(file, Optional.ofNullable(config), Optional.ofNullable(data))) {
            found.report().forEach(print::println);
            print.flush();
            if (noGuess && !found.guessed().isEmpty()) {
                throw new CheckpointException(file + ": expected a configuration that says "
                        + String.join(", ", found.guessed()) + ", found none; name one with --config, or take "
                        + "--no-guess away.");
            }
            var model = dtype == null ? found.checkpoint() : found.checkpoint().computedIn(dtype);
            var written = target.save(found.rowNames(), out, file);
            model.save(out);
            if (dtype != null) {
                print.println("Activations: " + dtype.key() + ", as --dtype says.");
            }
            print.println(written);
        }
        print.flush();
        return 0;
    }
}
