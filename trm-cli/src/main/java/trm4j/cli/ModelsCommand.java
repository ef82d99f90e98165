package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import trm4j.model.net.Parameters;
import trm4j.train.Plural;
import trm4j.train.RunException;
import trm4j.train.TrmCommand;
import trm4j.train.data.JsonFile;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.ShippedModels;
import trm4j.train.run.Training;
import trm4j.train.torch.ModelFile;

/** {@code trm models}. */
@Command(
        name = "models",
        description = "Lists the trained models that come with trm. Their names are taken wherever a path to a model "
                + "is. How each was made, and what it cannot do, stands in the README.md of its folder.")
final class ModelsCommand implements Runnable {

    /** What the commands that take a model say of it. */
    static final String MODEL = "A run's folder, a checkpoint's file, a hub's or the authors' folder, or the name of a "
            + "model that comes with trm.";

    private static final String ROW = "%-12s  %-14s %10s %9s  %s%n";

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var models = ShippedModels.all();
        var node = JsonNodeFactory.instance.objectNode();
        var list = node.putArray("models");
        models.stream().map(ModelsCommand::json).forEach(list::add);
        var out = spec.commandLine().getOut();
        if (models.isEmpty()) {
            out.println("No models come with this trm: those of the project are in models/ of its checkout.");
        } else {
            out.printf(ROW, "name", "puzzles", "parameters", "size", "exact, where it was measured first");
            list.forEach(model -> out.printf(
                    ROW, model.get("name").asText(), model.get("task").asText(),
                    String.format(Locale.ROOT, "%,d", model.get("parameters").asLong()),
                    String.format(Locale.ROOT, "%,d KiB", model.get("bytes").asLong() >> 10), exact(model)));
            out.println("Try one: " + TrmCommand.line("play", models.getFirst().getFileName()));
        }
        out.flush();
        json.print(node);
    }

    private static ObjectNode json(Path folder) {
        var file = Training.checkpoint(folder);
        var model = ModelFile.describe(file);
        var config = model.config();
        var puzzles = ModelPuzzles.of(folder, file, model);
        var node = JsonNodeFactory.instance.objectNode()
                .put("name", folder.getFileName().toString())
                .put("folder", folder.toString())
                .put("kind", puzzles.family().kind())
                .put("task", task(puzzles.family(), config.seqLen()))
                .put("cells", config.seqLen())
                .put("parameters", new Parameters(config).trained())
                .put("bytes", bytes(file));
        var said = JsonFile.read(folder.resolve(ModelPuzzles.HUB_CONFIG)).root();
        return node.set("measured", said.withArray(HubFolder.MEASURED));
    }

    private static String task(PuzzleFamily family, int cells) {
        int columns = family.board(cells).columns();
        return cells / columns + "x" + columns + " " + family.plural();
    }

    private static String exact(JsonNode model) {
        var first = model.at("/measured/0");
        return first.isMissingNode() ? "" : String.format(
                Locale.ROOT, "%.1f%% of %s (%s)", 100 * first.path("exact_accuracy").asDouble(),
                Plural.count(first.path("puzzles").asInt(), "puzzle"), first.path("of").asText());
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new RunException(file + " cannot be read (" + e + ").", e);
        }
    }
}
