package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.cli.play.Offer;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.ShippedModels;
import trm4j.train.run.Training;
import trm4j.train.torch.ModelFile;

/** The models in {@code models/}: each has a card that says what it needs to, and solves a puzzle by its name. */
class TrainedModelsTest {

    private static final String HOME = "trm.home";
    private static final Path MODELS = Path.of("../models");
    private static final Pattern SOLVE = Pattern.compile("(?m)^trm solve (\\S+) ('[^']*'|\\S+)$");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String before;

    @BeforeEach
    void runHere() {
        before = System.getProperty(HOME);
        System.setProperty(HOME, "..");
    }

    @AfterEach
    void runWhereItWas() {
        if (before == null) {
            System.clearProperty(HOME);
        } else {
            System.setProperty(HOME, before);
        }
    }

    private static List<String> names() throws IOException {
        try (var folders = Files.list(MODELS)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    /** As its card says. */
    @ParameterizedTest
    @MethodSource("names")
    void solvesThePuzzleOfItsCard(String name) throws IOException {
        var command = SOLVE.matcher(Files.readString(MODELS.resolve(name).resolve("README.md")));
        assertTrue(command.find(), "no command to solve a puzzle");
        assertEquals(name, command.group(1));
        assertEquals(0, run("solve", name, command.group(2).replace("'", "")), err.toString());
        assertTrue(out.toString().contains("Solved (by the rules: ") && !out.toString().contains("taken for"),
                out.toString());
    }

    /** They come without their test puzzles. */
    @ParameterizedTest
    @MethodSource("names")
    void newPuzzlesAreOfferedOnItsPage(String name) {
        var folder = ShippedModels.all().stream().filter(each -> each.endsWith(name)).findFirst().orElseThrow();
        var file = Training.checkpoint(folder);
        var puzzles = ModelPuzzles.of(folder, file, ModelFile.describe(file));
        var offer = Offer.made(puzzles, 5);
        assertEquals(5, offer.puzzles().stream().map(each -> Arrays.toString(each.inputs())).distinct().count());
        offer.puzzles().forEach(each ->
                assertFalse(puzzles.family().rules(each.inputs(), each.labels()).containsValue(false)));
    }

    @Test
    void cardsSayWhatOneNeedsToKnow() throws IOException {
        assertEquals(0, run("models", "--json"), err.toString());
        var models = new ObjectMapper().readTree(out.toString()).get("models");
        assertEquals(names(), models.findValuesAsText("name"));
        assertTrue(models.size() >= 2, out.toString());
        for (var model : models) {
            assertTrue(model.at("/measured/0/puzzles").asInt() >= 200, model.toString());
            assertTrue(model.get("bytes").asLong() < 4 << 20, model.toString());
            var card = Files.readString(Path.of(model.get("folder").asText(), "README.md"));
            for (var part : new String[] {
                "license: apache-2.0", "# " + model.get("name").asText(), "## How it was made", "trm train ",
                "## What was measured", " exact", "ollouts", "hains", "## What it cannot do", "## Use", "## Licence"
            }) {
                assertTrue(card.contains(part), model.get("name") + " has no " + part);
            }
        }
    }

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }
}
