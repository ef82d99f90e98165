package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.report.Browser;
import trm4j.model.Checkpoint;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

/** The page of {@code trm solve --html}: one file, on which the steps of each try are watched. */
class SolvePageTest {

    private static final String CLUES = "1.3.3..22..4.4.1";

    @TempDir
    private Path dir;
    private Path page;

    private final StringWriter err = new StringWriter();

    @BeforeEach
    void saveModel() {
        page = dir.resolve("page.html");
        var config = TrmConfig.PAPER.with(arch -> {
            arch.mlpT = true;
            arch.hiddenSize = 16;
            arch.hCycles = 1;
            arch.lCycles = 1;
            arch.lLayers = 1;
            arch.puzzleEmbNdim = 0;
            arch.puzzleEmbLen = 0;
            arch.haltMaxSteps = 3;
        }).forPuzzles(16, 6, 1);
        new Checkpoint(config, TrainConfig.PAPER, 7, new Parameters(config).initialize(1))
                .save(dir.resolve("m.safetensors"));
    }

    @Test
    void showsAllStepsAndAsksNobody() throws Exception {
        assertEquals(
                0, solve(CLUES, "................", "--chains", "all:2", "--html", page.toString()),
                err.toString());
        assertFalse(Files.readString(page).contains("src="), "loads something");
        var browser = Browser.find();
        assumeTrue(browser.isPresent(), "no Chromium is installed here");
        var visit = browser.get().open(page.toUri().toString(), dir);
        assertEquals(List.of(), visit.console());
        var elements = visit.elements();
        for (var text : List.of("Step 3 of 3 · ", "Try 2", "Puzzle 2 of 2")) {
            assertTrue(elements.contains(text), elements);
        }
        assertTrue(elements.contains("data-still=\"yes\"") && elements.contains("data-shown=\"yes\""), elements);
    }

    /** A frame for the question and one for each step; the last has the answer. */
    @Test
    void eachStepIsAFrame() throws Exception {
        var out = new StringWriter();
        assertEquals(0, Commands.run(
                out, err, "solve", dir.resolve("m.safetensors").toString(), CLUES, "--steps", "5", "--json", "--html",
                page.toString()), err.toString());
        var solved = new ObjectMapper().readTree(out.toString()).at("/puzzles/0");
        var browser = Browser.find();
        assumeTrue(browser.isPresent(), "no Chromium is installed here");
        var elements = browser.get().open(page.toUri().toString(), dir).elements();
        assertTrue(elements.matches("(?s).*<input type=\"range\"[^>]* min=\"0\" max=\"5\".*"), elements);
        assertTrue(elements.contains("Step 5 of 5 · "), elements);
        var cells = Pattern.compile("aria-label=\"row \\d column \\d: (\\d|blank)").matcher(elements).results()
                .map(cell -> cell.group(1).replace("blank", ".")).collect(Collectors.joining());
        assertEquals(solved.get("answer").asText().replace('0', '.'), cells);
    }

    private int solve(String... words) {
        var all = new ArrayList<>(List.of("solve", dir.resolve("m.safetensors").toString()));
        all.addAll(List.of(words));
        return Main.run(
                new PrintWriter(new StringWriter(), true), new PrintWriter(err, true), all.toArray(String[]::new));
    }
}
