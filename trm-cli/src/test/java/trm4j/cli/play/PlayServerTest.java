package trm4j.cli.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.cli.report.Browser;
import trm4j.kernels.device.Devices;
import trm4j.model.Batch;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.model.RolloutSolver;
import trm4j.model.Rollouts;
import trm4j.model.Selection;
import trm4j.model.Solver;
import trm4j.model.SolvingPlan;
import trm4j.model.Trm;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.Symmetries;
import trm4j.train.run.ModelPuzzles;

class PlayServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PUZZLE = "1.3.3..22..4.4.1";
    private static final int[] TOKENS =
            PUZZLE.chars().map(cell -> cell == '.' ? 1 : cell - '0' + 1).toArray();

    @TempDir
    private static Path dir;
    private static Checkpoint model;
    private static PlayServer server;

    @BeforeAll
    static void serve() {
        var config = TrmConfig.PAPER.with(arch -> {
            arch.mlpT = true;
            arch.hiddenSize = 16;
            arch.hCycles = 1;
            arch.lCycles = 2;
            arch.lLayers = 1;
            arch.puzzleEmbNdim = 0;
            arch.puzzleEmbLen = 0;
            arch.haltMaxSteps = 4;
        }).forPuzzles(16, 6, 1);
        model = new Checkpoint(config, TrainConfig.PAPER, 7, new Parameters(config).initialize(1));
        var family = PuzzleFamilies.named("sudoku", 16, 6).orElseThrow();
        var example = new Example(TOKENS, IntStream.range(0, 16).map(i -> i % 4 + 2).toArray(), 0);
        server = new PlayServer(
                "tiny <b>", model, new ModelPuzzles(config, family, List.of(), Optional.empty()),
                new Offer("Test puzzle", List.of(example)), Devices.named("cpu"), 0);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void programsGetWhatTheLibraryGives() throws Exception {
        var solved = ok("{\"puzzles\": [\"%s\", \"%s\"]}".formatted(PUZZLE, ".".repeat(16))).get("puzzles");
        assertEquals(2, solved.size());
        try (var trm = Trm.load(saved())) {
            for (int i = 0; i < 2; i++) {
                var tokens = i == 0 ? TOKENS : IntStream.generate(() -> 1).limit(16).toArray();
                var labels = new int[16];
                Arrays.fill(labels, Batch.NO_LABEL);
                var expected = trm.solve(List.of(new Example(tokens, labels, 0)), 4, false).getFirst();
                var digits = new StringBuilder();
                Arrays.stream(expected.tokens()).forEach(token -> digits.append(token < 2 ? "." : token - 1));
                assertEquals(digits.toString(), solved.get(i).get("answer").asText());
                assertEquals(expected.haltedAt(), solved.get(i).get("halts_at").asInt());
                double halt = 1 / (1 + Math.exp(-expected.haltLogits()[3]));
                assertEquals(halt, solved.get(i).get("halt_probability").asDouble(), 1e-9);
                assertEquals(4, solved.get(i).get("steps").asInt());
            }
        }
        assertEquals(PUZZLE, solved.get(0).get("question").asText());
        assertTrue(solved.get(0).get("rules").has("valid"), solved.toString());
        assertFalse(solved.get(0).has("trace"), solved.toString());
    }

    /** The cross-entropy of its own answers, as the device computes it, is what their probabilities say. */
    @Test
    void certaintyIsTheProbabilityOfTheAnswer() throws Exception {
        var trace = ok("{\"puzzle\": \"%s\", \"steps\": 3, \"trace\": true}".formatted(PUZZLE)).at("/puzzles/0/trace");
        assertEquals(3, trace.size());
        var answer = JSON.convertValue(trace.get(2).get("answer"), int[].class);
        try (var solver = new Solver(
                Devices.named("cpu"), model.config(), model.train().loss(), 1, model.tensors())) {
            solver.start(new Batch(TOKENS, answer, new int[] {0}));
            solver.step();
            solver.step();
            double loss = solver.step().loss()[0];
            double mean = 0;
            for (var percent : trace.get(2).get("certainty")) {
                mean -= Math.log(percent.asDouble() / 100) / 16;
            }
            assertEquals(loss, mean, 0.03, "certainty is told in whole percent");
        }
    }

    @Test
    void tokensAndExamplesAreTakenToo() throws Exception {
        var text = ok("{\"puzzle\": \"%s\"}".formatted(PUZZLE));
        assertEquals(text, ok("{\"tokens\": " + Arrays.toString(TOKENS) + "}"));
        var example = ok("{\"example\": 0, \"trace\": true}").at("/puzzles/0");
        assertEquals(text.at("/puzzles/0/answer"), example.get("answer"));
        assertEquals(2, example.at("/label/0").asInt());
        int halted = ok("{\"puzzle\": \"%s\", \"halt\": true, \"steps\": 64}".formatted(PUZZLE))
                .at("/puzzles/0/halts_at").asInt();
        assertTrue(halted >= 0 && halted <= 64);
    }

    /** What the page shows side by side is what trm solve and eval do, by the same numbers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"rollouts\": 5, \"noise\": 0.5, \"seed\": 3                     | 0.5 | Q    |",
        "\"rollouts\": 4, \"select\": \"first\", \"trace\": true          | 0.3 | FIRST |",
        "\"chains\": \"all:4\", \"seed\": 3, \"trace\": true             | 0   | MODE | ALL"
    })
    void triesAreThoseOfTheLibrary(String options, double noise, Selection selection, Symmetries chains)
            throws Exception {
        var solved = ok("{\"puzzle\": \"%s\", %s}".formatted(PUZZLE, options)).at("/puzzles/0");
        int count = solved.get("rollouts").size();
        var family = PuzzleFamilies.named("sudoku", 16, 6).orElseThrow();
        var tries = new Tries(
                new Rollouts(count, noise, options.contains("seed") ? 3 : 0, selection, 1),
                Optional.ofNullable(chains));
        var plan = new SolvingPlan(Devices.named("cpu"), model.config(), model.train().loss(), count, noise > 0);
        var labels = new int[16];
        Arrays.fill(labels, Batch.NO_LABEL);
        try (var solver = plan.open(model.tensors())) {
            new RolloutSolver(
                    solver, 4, false, tries.rollouts(), tries.disguises(family, 16, 6), tries.judge(family)).solve(
                            IntStream.of(0).iterator(), _ -> new Example(TOKENS, labels, 0), (_, _, outcome) -> {
                                assertEquals(outcome.chosen(), solved.get("chosen").asInt());
                                var answer = family.json(TOKENS, outcome.solution().tokens(), null);
                                assertEquals(answer, solved.get("answer"));
                                assertEquals(answer, solved.at("/rollouts/" + outcome.chosen() + "/answer"));
                                for (int i = 0; i < count; i++) {
                                    var one = solved.get("rollouts").get(i);
                                    var rollout = outcome.rollouts().get(i);
                                    double halt = one.get("halt_probability").asDouble();
                                    assertEquals(rollout.haltProbability(), halt, 1e-9);
                                    assertEquals(rollout.sameAs(), one.get("same_as").asInt());
                                    assertEquals(rollout.steps(), one.get("steps").asInt());
                                }
                            }, () -> false);
        }
        var last = solved.at("/rollouts/1/trace");
        if (options.contains("trace")) {
            assertEquals(solved.at("/rollouts/1/steps").asInt(), last.size());
            var tokens = JSON.convertValue(last.get(last.size() - 1).get("answer"), int[].class);
            assertEquals(family.json(TOKENS, tokens, null), solved.at("/rollouts/1/answer"));
        } else {
            assertTrue(last.isMissingNode());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "nonsense                             | Expected a JSON object such as {\"puzzle\": \"...\"}, found what is no JSON",
        "[1]                                  | found [1].",
        "{}                                   | Expected one of puzzle, puzzles, tokens and example",
        "{\"puzzle\": \"x\", \"tokens\": [1]} | Expected one of puzzle, puzzles, tokens and example",
        "{\"puzzle\": \"x\", \"step\": 1}     | Expected one of puzzle, puzzles, tokens and example",
        "{\"puzzle\": 3}                      | puzzle: expected a text, found 3.",
        "{\"puzzle\": \"12\"}                 | has 16 characters",
        "{\"puzzles\": []}                    | puzzles: expected a list of texts, found [].",
        "{\"puzzles\": \"12\"}                | puzzles: expected a list of texts",
        "{\"tokens\": [1, 2]}                 | tokens: expected 16 numbers from 0 to 5, found [1,2].",
        "{\"example\": 1}                     | example: expected a whole number from 0 to 0, found 1.",
        "{\"example\": 0, \"steps\": 0}       | steps: expected a whole number from 1 to 1024, found 0.",
        "{\"example\": 0, \"halt\": 1}        | halt: expected true or false, found 1.",
        "{\"example\": 0, \"rollouts\": 17}   | rollouts: expected a whole number from 1 to 16, found 17.",
        "{\"example\": 0, \"chains\": \"x:2\"} | chains: expected digits, dihedral or all, a colon",
        "{\"example\": 0, \"rollouts\": 2, \"chains\": \"all:2\"} | rollouts: expected rollouts or chains, not both",
        "{\"example\": 0, \"noise\": -1}      | noise: expected a number of at least 0, found -1.",
        "{\"example\": 0, \"select\": \"best\"} | select: expected one of q, mode, converged, rules and first",
        "{\"example\": 0, \"chains\": \"dihedral:9\"} | ask for 8 or fewer",
        "{\"example\": 0, \"rollouts\": 16, \"steps\": 65} | steps: expected a whole number from 1 to 64, found 65."
    })
    void whatIsNoRequestIsRefusedInASentence(String body, String message) throws Exception {
        var answer = post(body);
        assertEquals(400, answer.statusCode(), answer.body());
        var error = JSON.readTree(answer.body()).get("error").asText();
        assertTrue(error.contains(message) && error.endsWith("."), error);
    }

    @Test
    void thereAreLimits() throws Exception {
        var many = "{\"puzzles\": [" + ("\"" + PUZZLE + "\",").repeat(64) + "\"" + PUZZLE + "\"]}";
        assertEquals(400, post(many).statusCode());
        assertEquals(413, post(" ".repeat(SolveRequest.MOST_BYTES + 1)).statusCode());
        var waiting = IntStream.range(0, 40)
                .mapToObj(_ -> CLIENT.sendAsync(
                        request("{\"example\": 0, \"steps\": 300}").build(), BodyHandlers.ofString()))
                .toList();
        var statuses = waiting.stream().map(answer -> answer.join().statusCode()).toList();
        assertTrue(statuses.contains(503) && statuses.contains(200), statuses.toString());
        assertTrue(statuses.stream().allMatch(status -> status == 200 || status == 503), statuses.toString());
        ok("{\"example\": 0}");
    }

    @Test
    void onlyItsOwnPageMayAsk() throws Exception {
        var solve = request("{\"example\": 0}");
        assertEquals(415, send(solve.copy().setHeader("Content-Type", "text/plain")).statusCode());
        assertEquals(403, send(solve.copy().header("Origin", "http://example.org")).statusCode());
        var own = server.address().toString().replaceFirst("/$", "");
        assertEquals(200, send(solve.copy().header("Origin", own)).statusCode());
        var get = send(HttpRequest.newBuilder(server.address().resolve("/solve")));
        assertEquals(405, get.statusCode());
        assertEquals("POST", get.headers().firstValue("Allow").orElseThrow());
        assertEquals(404, send(HttpRequest.newBuilder(server.address().resolve("/elsewhere"))).statusCode());
    }

    /** The page of a puzzle in the address solves it, and nothing of the model's name is markup. */
    @Test
    void thePageShowsAModelThink() throws Exception {
        var browser = Browser.find();
        assumeTrue(browser.isPresent(), "no Chromium is installed here");
        var link = new StringBuilder();
        Arrays.stream(TOKENS).forEach(token -> link.append(Integer.toString(token, 36)));
        var visit = browser.get().open(server.address() + "#" + link, dir);
        assertEquals(List.of(), visit.console());
        var page = visit.elements();
        assertTrue(page.contains("<h1>tiny &lt;b&gt;</h1>"), page);
        assertTrue(page.contains("aria-label=\"row 1 column 1: ") && page.contains("role=\"grid\""), page);
        assertTrue(page.contains("data-shown=\"yes\"") && page.contains("Step 4 of 4 · "), page);
        assertTrue(page.contains("<caption class=\"unseen\">What each step came to</caption>"), page);
        // The same with several tries, which stand in the address too.
        var several = browser.get().open(server.address() + "#" + link + ";3;dihedral;mode", dir);
        assertEquals(List.of(), several.console());
        assertTrue(several.elements().contains("Tries side by side"), several.elements());
        assertTrue(several.elements().contains("Try 3 · "), several.elements());
        assertTrue(several.elements().contains("aria-pressed=\"true\""), several.elements());
    }

    private static Path saved() throws IOException {
        var file = dir.resolve("model.safetensors");
        model.save(file);
        return file;
    }

    private static HttpRequest.Builder request(String body) {
        return HttpRequest.newBuilder(server.address().resolve("/solve"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(request(body));
    }

    private static JsonNode ok(String body) throws IOException, InterruptedException {
        var answer = post(body);
        assertEquals(200, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body());
    }
}
