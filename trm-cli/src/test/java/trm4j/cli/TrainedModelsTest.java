package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The models in {@code models/}: each has a card that says what it needs to, and solves a puzzle by its name. */
class TrainedModelsTest {

    private static final String HOME = "trm.home";

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

    @ParameterizedTest
    @CsvSource(delimiter = ',', value = {
        "sudoku-6x6, ..3241.1.653.4..1....56....4....2.36",
        "maze-6x6, '   S   #    ## ##    #G#          # '"
    })
    void solvesAPuzzleByItsName(String name, String puzzle) {
        assertEquals(0, run("solve", name, puzzle), err.toString());
        assertTrue(out.toString().contains("Solved (by the rules: ") && !out.toString().contains("taken for"),
                out.toString());
    }

    @Test
    void cardsSayWhatOneNeedsToKnow() throws IOException {
        assertEquals(0, run("models", "--json"), err.toString());
        var models = new ObjectMapper().readTree(out.toString()).get("models");
        assertTrue(models.size() >= 2, out.toString());
        for (var model : models) {
            assertTrue(model.at("/measured/0/puzzles").asInt() >= 200, model.toString());
            assertTrue(model.get("bytes").asLong() < 4 << 20, model.toString());
            var card = Files.readString(Path.of(model.get("folder").asText(), "README.md"));
            for (var part : new String[] {
                "license: apache-2.0", "# " + model.get("name").asText(), "## How it was made", "## What was measured",
                "## What it cannot do"
            }) {
                assertTrue(card.contains(part), model.get("name") + " has no " + part);
            }
        }
    }

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }
}
