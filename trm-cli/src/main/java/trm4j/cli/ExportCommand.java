package trm4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.model.Checkpoint;
import trm4j.model.torch.TorchExport;
import trm4j.train.Plural;
import trm4j.train.run.Training;
import trm4j.train.table.RowNames;

/** {@code trm export}. */
@Command(
        name = "export",
        description =
                "Writes a checkpoint as the authors' PyTorch code does, for torch.load(FILE, weights_only=True); its "
                + "names are those of their compiled model in its loss head.",
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run's folder, or a checkpoint's file.")
    private Path checkpoint;

    @Parameters(index = "1", paramLabel = "FILE", description = "The file to write.")
    private Path out;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "How numbers are written: f32, to the bit, or bf16, rounded, in half the space "
                    + "(default: f32).")
    private TorchExport.Type type = TorchExport.Type.F32;

    @Mixin
    private OutputFile target;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (var _ = new Waiting("Reading and writing ...", spec.commandLine().getOut())) {
            return Training.checkpoint(checkpoint, this::export);
        }
    }

    private int export(Path file) {
        target.requireFree(out, file);
        var model = Checkpoint.load(file);
        var names = model.rowNames().flatMap(digest -> RowNames.beside(file, digest));
        var written = target.save(names, out, file);
        TorchExport.write(model, type, out);
        var print = spec.commandLine().getOut();
        model.remark().ifPresent(print::println);
        print.printf(
                Locale.ROOT, "%s, step %d: %,d parameters in %s, as %s%n%s%n", file, model.step(),
                new trm4j.model.net.Parameters(model.config()).trained(),
                Plural.count(model.tensors().size(), "tensor"), type, written);
        print.flush();
        return 0;
    }
}
