package trm4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.model.Checkpoint;
import trm4j.model.torch.TorchExport;
import trm4j.train.Plural;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;
import trm4j.train.table.RowNames;
import trm4j.train.torch.ModelFile;

/** {@code trm export}. */
@Command(
        name = "export",
        description =
                "Writes a checkpoint as the authors' PyTorch code does, for torch.load(FILE, weights_only=True); its "
                + "names are those of their compiled model in its loss head. With --hub, writes a folder for a hub of "
                + "models instead.",
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = ModelsCommand.MODEL)
    private Path checkpoint;

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "The file to write.")
    private Path out;

    @Option(
            names = "--hub",
            paramLabel = "DIR",
            description = "Writes a new folder with model.safetensors, config.json and a card of the model, which has "
                    + "what its run measured last, and what --figures names.")
    private Path hub;

    @Option(
            names = "--figures",
            paramLabel = "EVAL",
            description = "With --hub, has the card tell what an evaluation of MODEL by trm eval measured; may be "
                    + "repeated.")
    private List<Path> figures = List.of();

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
        if ((out == null) == (hub == null)) {
            throw new ParameterException(
                    spec.commandLine(), "Expected either FILE, to write for PyTorch, or --hub DIR");
        }
        if (hub == null && !figures.isEmpty() || hub != null && type != TorchExport.Type.F32) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --figures with --hub only, and --type f32 there");
        }
        try (var _ = new Waiting("Reading and writing ...", spec.commandLine().getOut())) {
            return Training.checkpoint(checkpoint, hub == null ? this::export : this::exportToHub);
        }
    }

    private int export(Path file) {
        target.requireFree(out, file);
        var model = ModelFile.load(file);
        var written = target.save(names(model, file), out, file);
        TorchExport.write(model, type, out);
        return done(file, model, written);
    }

    private int exportToHub(Path file) {
        HubFolder.requireFree(hub);
        var model = ModelFile.load(file);
        var card = ModelCard.of(
                hub.toAbsolutePath().normalize().getFileName().toString(), model,
                ModelPuzzles.of(checkpoint, file, model).family(), RunFolder.of(checkpoint),
                figures.stream().map(folder -> ModelCard.Figures.of(folder, file)).toList());
        new HubFolder(card, names(model, file)).write(hub);
        return done(file, model, "Written to " + hub + "; read its README.md before you show it to anybody");
    }

    private static Optional<RowNames> names(Checkpoint model, Path file) {
        return model.rowNames().flatMap(digest -> RowNames.beside(file, digest));
    }

    private int done(Path file, Checkpoint model, String written) {
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
