package trm4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.cli.play.Offer;
import trm4j.cli.play.PlayServer;
import trm4j.kernels.UserException;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;
import trm4j.train.table.FittedModel;
import trm4j.train.torch.ModelFile;

/** {@code trm play}. */
@Command(
        name = "play",
        description =
                "Serves a page to browsers on this machine, on which one enters puzzles and watches the model solve them "
                + "step by step, several tries side by side if one likes; and POST /solve to programs. Ctrl-C ends it.",
        sortOptions = false)
final class PlayCommand implements Callable<Integer> {

    private static final int EXAMPLES = 24;

    @Parameters(
            paramLabel = "MODEL",
            description = ModelsCommand.MODEL)
    private Path checkpoint;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8322",
            description = "Where to serve; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "Expected a --port from 0 to 65535, found " + port);
        }
        try (var server = Training.checkpoint(checkpoint, this::serve)) {
            spec.commandLine().getOut().println("Open " + server.address() + " in a browser; Ctrl-C ends this");
            spec.commandLine().getOut().flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private PlayServer serve(Path file) {
        var model = ModelFile.load(file);
        var puzzles = ModelPuzzles.of(checkpoint, file, model);
        var name = checkpoint.toAbsolutePath().normalize().getFileName().toString();
        return new PlayServer(name, model, puzzles, offer(file, model, puzzles), device.open(), port);
    }

    private Offer offer(Path file, Checkpoint model, ModelPuzzles puzzles) {
        var tests = testPuzzles(file, model);
        return tests.isEmpty() ? Offer.made(puzzles, EXAMPLES) : new Offer("Test puzzle", tests);
    }

    /** Test puzzles of the model's run from all over its data set, if they are there and fit. */
    private List<Example> testPuzzles(Path file, Checkpoint model) {
        var data = RunFolder.of(checkpoint).flatMap(RunFolder::place)
                .filter(folder -> Files.isDirectory(folder.resolve(Split.TEST.toString())));
        if (data.isEmpty()) {
            return List.of();
        }
        try (var dataset = PuzzleDataset.open(data.get(), Split.TEST)) {
            // Rows in another order than the model's would be those of other tasks.
            if (FittedModel.of(model, file, dataset).model() != model) {
                return List.of();
            }
            int count = Math.min(EXAMPLES, dataset.examples());
            return IntStream.range(0, count)
                    .mapToObj(i -> dataset.example((int) ((long) i * dataset.examples() / count)))
                    .toList();
        } catch (UserException e) {
            // The page is worth having without them.
            return List.of();
        }
    }
}
