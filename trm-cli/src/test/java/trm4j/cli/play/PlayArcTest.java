package trm4j.cli.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.report.Browser;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.run.ModelPuzzles;

/** ARC tasks as their files have them, on the page and for programs. */
class PlayArcTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TASKS = """
            {"turn": {"train": [{"input": [[1, 2], [3, 4]], "output": [[3, 1], [4, 2]]}],
               "test": [{"input": [[5, 6], [7, 8]]}]},
             "paint": {"train": [{"input": [[0, 1]], "output": [[0, 2]]}, {"input": [[1, 1]], "output": [[2, 2]]}],
               "test": [{"input": [[1, 0]]}, {"input": [[0, 0, 1]]}]}}
            """;
    /** Loads the file of tasks as somebody does, then the second task; the server's answers are at hand. */
    private static final String LOAD = """
            <script>
            const ANSWERS = %s;
            window.fetch = async (url, asked) => ({ ok: true, json: async () =>
              ANSWERS[Object.keys(JSON.parse(JSON.parse(asked.body).puzzle))[0]] });
            const files = new DataTransfer();
            files.items.add(new File([%s], 'tasks.json'));
            one('#file').files = files.files;
            one('#file').dispatchEvent(new Event('change'));
            setTimeout(() => {
              const choice = one('#tasks select');
              document.body.dataset.first = one('#demonstrations').innerText;
              choice.selectedIndex = 1;
              choice.dispatchEvent(new Event('change'));
            }, 500);
            </script></body>""";

    @TempDir
    private static Path dir;
    private static PlayServer server;

    @BeforeAll
    static void serve() {
        var config = TrmConfig.PAPER.with(arch -> {
            arch.mlpT = true;
            arch.hiddenSize = 16;
            arch.hCycles = 1;
            arch.lCycles = 1;
            arch.lLayers = 1;
            arch.puzzleEmbNdim = 16;
            arch.puzzleEmbLen = 1;
            arch.haltMaxSteps = 2;
        }).forPuzzles(900, 12, 3);
        var model = new Checkpoint(config, TrainConfig.PAPER, 7, new Parameters(config).initialize(1));
        var family = PuzzleFamilies.named("arc", 900, 12).orElseThrow();
        var puzzles = new ModelPuzzles(config, family, List.of("<blank>", "other", "paint"), Optional.empty());
        server = new PlayServer("arc", model, puzzles, Offer.made(puzzles, 3), Devices.named("cpu"), 0);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void testsOfATaskAreSolvedByItsName() throws Exception {
        var paint = solved("paint");
        assertEquals(List.of("task paint, test 1", "task paint, test 2"), paint.findValuesAsText("title"));
        assertFalse(paint.get(0).has("remark"), paint.toString());
        assertEquals(JSON.readTree("[\"001\"]"), paint.get(1).get("question"));
        assertTrue(solved("turn").get(0).get("remark").asText().contains("not trained on a task turn"));
    }

    @Test
    void thePageTakesAFileOfTasks() throws Exception {
        var browser = Browser.find();
        assumeTrue(browser.isPresent(), "no Chromium is installed here");
        var answers = JSON.createObjectNode();
        for (var task : List.of("turn", "paint")) {
            answers.putObject(task).set("puzzles", solved(task));
        }
        var page = Files.writeString(dir.resolve("page.html"), page().replace("</body>", LOAD.formatted(
                answers, JSON.writeValueAsString(TASKS))));
        var visit = browser.get().open(page.toUri().toString(), dir);
        assertEquals(List.of(), visit.console());
        var elements = visit.elements();
        assertTrue(elements.contains("<option>turn</option><option>paint</option>"), elements);
        for (var text : List.of(
                "task paint, test 1", "Input 2: 1 1", "Output 2: 2 2", "data-first=\"Demonstrations", "data-shown=\"yes\"")) {
            assertTrue(elements.contains(text), text);
        }
        assertFalse(elements.contains("Input 1: 1 2 / 3 4"), "of the task before");
    }

    private static String page() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(server.address()).build(), BodyHandlers.ofString()).body();
        }
    }

    private static JsonNode solved(String task) throws Exception {
        var body = JSON.createObjectNode().put("trace", true).put("puzzle", JSON.createObjectNode()
                .<ObjectNode>set(task, JSON.readTree(TASKS).get(task)).toString());
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(server.address().resolve("/solve")).header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body.toString())).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            return JSON.readTree(answer.body()).get("puzzles");
        }
    }
}
