package trm4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.Commands;
import trm4j.model.net.Parameters;
import trm4j.train.RunException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.run.RunConfig;

/** The page of two tiny runs, as a browser shows it. */
class ReportTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Opens all that is closed, and saves each chart as PNG and as CSV: what kind of file came, and how many. */
    private static final String USE = """
            <script>
            document.querySelectorAll('details').forEach(box => { box.open = true; box.fill(); });
            const saved = {};
            HTMLAnchorElement.prototype.click = () => {};
            URL.createObjectURL = blob => { saved[blob.type] = (saved[blob.type] || 0) + 1; return ''; };
            document.querySelectorAll('.saving button').forEach(button => button.click());
            const csv = Saving.csv({ x: { name: 'a "b"' } }, [{ label: 's, t', x: [2, 1], y: [0.25, null],
              beside: ['n', [7, 8]] }, { label: 'u', x: [3], y: [1e-9], lowest: [0], highest: [1] }]);
            document.body.append(element('pre', csv));
            setTimeout(() => { document.body.dataset.saved = JSON.stringify(saved); }, 1500);
            </script></body>""";
    private static final Pattern DATA = Pattern.compile(
            "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private static Path dir;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(dir.resolve("tiny.yaml"), """
                puzzles: {size: 4, train: 40, test: 12, min_clues: 6, max_clues: 10}
                run: {steps: 6, eval_interval: 3, eval_batch: 12}
                arch: {hidden_size: 16, num_heads: 2, puzzle_emb_ndim: 16, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 2,
                  halt_max_steps: 3}
                train: {batch_size: 8, depth_schedule: 1x1 to 0.5}
                """);
        trm("train DIR/tiny.yaml --out DIR/one");
        // A name that would end the page's data, if it could.
        trm("train DIR/tiny.yaml --out DIR/<!--<script> --data DIR/one/data --set train.lr=3e-3");
        trm("eval DIR/one --data DIR/one/data --rollouts 3 --noise 0.5 --out DIR/eval");
        trm("train DIR/tiny.yaml --out DIR/one-seed1 --data DIR/one/data --set run.seed=1");
        trm("bench --shape DIR/tiny.yaml --batch 2 --seconds 0.0001 --out DIR/bench");
        // As trm ablate leaves it whose second variant has just begun.
        var ablation = Files.createDirectory(dir.resolve("ablation"));
        Files.copy(dir.resolve("one/config.yaml"), ablation.resolve("config.yaml"));
        Files.writeString(ablation.resolve("ablation.jsonl"), "{\"variant\": \"trm\", \"seed\": 0, \"exact\": 0.25,"
                + "\"cells\": 0.5, \"steps\": 2.5, \"depth\": 4, \"forwardPasses\": 1, \"parameters\": 1234, \"seconds\": 75}\n");
        copy(dir.resolve("one"), ablation.resolve("trm-seed0"));
        copy(dir.resolve("one"), ablation.resolve("two-nets-seed0"));
        trm("report DIR/one DIR/<!--<script> DIR/one-seed1 DIR/ablation DIR/eval DIR/bench --puzzles 3 "
                + "--out DIR/report.html");
    }

    private static void trm(String command) {
        var err = new StringWriter();
        int status = Commands.run(new StringWriter(), err, command.replace("DIR", dir.toString()).split(" "));
        assertEquals(0, status, err.toString());
    }

    @Test
    void thePageHasEverythingInIt() throws IOException {
        var page = Files.readString(dir.resolve("report.html"));
        assertFalse(Pattern.compile("(src|href)=\"(?!data:)", Pattern.CASE_INSENSITIVE).matcher(page).find());
        assertTrue(page.contains("default-src 'none'"));
        var report = data(page);
        var runs = report.get("runs");
        assertEquals(List.of("one", "<!--<script>"), runs.findValuesAsText("name").subList(0, 2));
        assertEquals(JSON.readTree("[1,2,3,4,5,6]"), runs.at("/0/train/step"));
        assertEquals(6, runs.at("/0/train/loss").size());
        assertEquals(JSON.readTree("[4.0,4.0,4.0,6.0,6.0,6.0]"), runs.at("/0/train/depth"));
        assertEquals(JSON.readTree("[3,6]"), runs.at("/1/test/step"));
        assertEquals(List.of("run.seed", "train.lr"), report.get("differences").findValuesAsText("key"));
        assertEquals(JSON.readTree("{\"runs\":[[0,2]],\"evaluations\":[]}"), report.get("seeds"));
        assertEquals(3, runs.at("/0/last_test/test/exact_accuracy_by_step").size());
        assertEquals("cpu", runs.at("/0/device").asText());
        assertEquals(new Parameters(RunConfig.read(dir.resolve("one/config.yaml")).arch()).trained(),
                runs.at("/0/parameters").asLong());
        assertEquals("data: Sudokus of 16 cells", runs.at("/0/data").asText());
        assertTrue(Instant.parse(runs.at("/0/begun").asText()).isBefore(Instant.now()));
        var shown = report.get("showcases");
        assertEquals(3, shown.size());
        assertEquals(12, shown.at("/0/candidates").asInt());
        var puzzles = shown.at("/0/puzzles");
        assertEquals(3, puzzles.size());
        try (var dataset = PuzzleDataset.open(dir.resolve("one/data"), Split.TEST)) {
            for (var puzzle : puzzles) {
                var question = dataset.example(puzzle.get("example").asInt()).inputs();
                assertEquals(JSON.valueToTree(question), puzzle.get("question"));
            }
        }
        assertEquals(3, puzzles.at("/2/steps").size());
        assertEquals(16, puzzles.at("/2/steps/0/answer").size());
        assertTrue(puzzles.at("/2/steps/0/halts").isBoolean() && shown.at("/0/remark").isMissingNode());
    }

    @Test
    void evaluationsShowPredictionsBesideTheirTargets() throws IOException {
        var evaluation = data(Files.readString(dir.resolve("report.html"))).at("/evaluations/0");
        assertEquals("eval", evaluation.get("name").asText());
        assertEquals(12, evaluation.get("solved").asInt());
        int right = 0;
        int all = 0;
        for (var step : evaluation.at("/result/halts")) {
            right += step.get("right").asInt();
            all += step.get("right").asInt() + step.get("wrong").asInt();
        }
        assertEquals(12, all);
        assertEquals(evaluation.at("/result/exact_accuracy_at_halt").asDouble(), right / 12.0, 1e-9);
        var predictions = Files.readAllLines(dir.resolve("eval/predictions.jsonl"));
        assertEquals(3, evaluation.at("/showcase/puzzles").size());
        try (var dataset = PuzzleDataset.open(dir.resolve("one/data"), Split.TEST)) {
            for (var puzzle : evaluation.at("/showcase/puzzles")) {
                int number = puzzle.get("example").asInt();
                assertEquals(JSON.valueToTree(dataset.example(number).inputs()), puzzle.get("question"));
                assertEquals(JSON.valueToTree(dataset.example(number).labels()), puzzle.get("label"));
                assertEquals(puzzle.get("right").size(), puzzle.get("steps").size());
                for (int step = 0; step < puzzle.get("steps").size(); step++) {
                    assertEquals(puzzle.get("right").get(step).asInt(), right(puzzle, step), "right after each step");
                }
                var answer = JSON.convertValue(puzzle.at("/steps/2/answer"), int[].class);
                var line = JSON.readTree(predictions.stream()
                        .filter(each -> each.startsWith("{\"example\":" + number + ",")).findFirst().orElseThrow());
                assertEquals(line.get("answer").asText(), SudokuRules.format(SudokuRules.grid(answer)));
                assertEquals(line.get("right"), puzzle.get("right"));
                assertEquals(line.get("chosen"), puzzle.get("chosen"));
                assertEquals(line.get("rollouts").findValues("right"), puzzle.get("rollouts").findValues("right"));
            }
        }
    }

    private static int right(JsonNode puzzle, int step) {
        var answer = puzzle.at("/steps/" + step + "/answer");
        return (int) IntStream.range(0, answer.size())
                .filter(i -> answer.get(i).equals(puzzle.get("label").get(i)))
                .count();
    }

    /** Of a run's model and of the one evaluated, which is the same, beside the network before training. */
    @Test
    void itIsToldWhetherTheRecursionContracts() throws IOException {
        var report = data(Files.readString(dir.resolve("report.html")));
        var contraction = report.at("/showcases/0/contraction");
        for (var net : List.of("trained", "untrained")) {
            for (var figure : List.of("difference_by_step", "state_change_by_step")) {
                var bySteps = contraction.get(net).get(figure);
                assertEquals(3, bySteps.size());
                bySteps.forEach(value -> assertTrue(value.asDouble() > 0 && value.asDouble() < 2, value.toString()));
            }
        }
        assertFalse(contraction.get("trained").equals(contraction.get("untrained")));
        assertEquals(contraction, report.at("/evaluations/0/showcase/contraction"));
    }

    /** Of each puzzle, whether the chosen rollout was right, by how many were. */
    @Test
    void evaluationsShowWhichRolloutsWereRight() throws IOException {
        var evaluation = data(Files.readString(dir.resolve("report.html"))).at("/evaluations/0");
        assertEquals(
                List.of("1", "2", "3"), evaluation.at("/result/rollouts").findValuesAsText("rollouts"));
        int right = 0;
        int all = 0;
        for (var count : evaluation.get("chosen")) {
            assertTrue(count.get("right_rollouts").asInt() > 0 || count.get("right").asInt() == 0);
            assertTrue(count.get("right_rollouts").asInt() < 3 || count.get("wrong").asInt() == 0);
            right += count.get("right").asInt();
            all += count.get("right").asInt() + count.get("wrong").asInt();
        }
        assertEquals(12, all);
        assertEquals(evaluation.at("/result/exact_accuracy").asDouble(), right / 12.0, 1e-9);
    }

    @Test
    void ablationsShowTheirRowsAndRuns() throws IOException {
        var ablation = data(Files.readString(dir.resolve("report.html"))).at("/ablations/0");
        assertEquals("two-nets", ablation.at("/variants/2/key").asText());
        assertEquals(0.25, ablation.at("/rows/0/exact").asDouble());
        assertEquals(List.of("TRM", "two nets"), ablation.get("runs").findValuesAsText("name"));
        assertEquals("two-nets", ablation.at("/runs/1/variant").asText());
        assertEquals(6, ablation.at("/runs/1/train/loss").size());
    }

    @Test
    void aBrowserShowsItWithoutComplaint() throws IOException, InterruptedException {
        var browser = browser();
        var page = Files.readString(dir.resolve("report.html"));
        var used = Files.writeString(scratch.resolve("used.html"), page.replace("</body>", USE));
        var address = dir.resolve("report.html").toUri().toString();
        var visit = browser.open(used.toUri().toString(), scratch);
        assertEquals(List.of(), visit.console());
        assertTrue(visit.elements().contains("data-shown=\"yes\""));
        assertTrue(count(visit.elements(), "class=\"grid\"") >= 3 * 3 * 3, "pictures of puzzles");
        // Of runs 9 and 5, of each of them 2, of the ablation 5, of the evaluation 8, of the bench 1.
        assertEquals(34, count(visit.elements(), "class=\"uplot"));
        for (var text : List.of(
                "train.lr", "Loss of a puzzle: loss by training step. one, 2 seeds: 6 points, from", "<th scope=\"row\">",
                "two nets", "never halts", "eval: the first rollouts", "3, with noise 0.5, selected by q", " chosen</b>",
                "Roofline: FLOP/s by FLOPs for each byte. cpu: the roof: 3 points", "0:01:15")) {
            assertTrue(visit.elements().contains(text), text);
        }
        int charts = count(visit.elements(), "class=\"uplot");
        assertTrue(visit.elements().contains(
                "data-saved=\"{&quot;text/csv&quot;:%d,&quot;image/png&quot;:%1$d}\"".formatted(charts)), "saved");
        assertTrue(visit.elements().contains(
                "<pre>\"a \"\"b\"\"\",\"s, t\",\"s, t, n\",u,\"u, lowest\",\"u, highest\"\n1,,8,,,\n2,0.25,7,,,\n"
                        + "3,,,1e-9,0,1\n"),
                "CSV");
        assertTrue(visit.elements().contains(acrossSeeds(data(page).get("runs"))), "means over seeds");
        assertEquals(3 * 3 + 3, count(visit.elements(), "class=\"player\""), "of runs and of the evaluation");
        var picture = scratch.resolve("phone.png");
        browser.screenshot(address, picture, 400, 2000, scratch);
        var pixels = ImageIO.read(picture.toFile());
        long colours = IntStream.range(0, pixels.getWidth() * pixels.getHeight())
                .map(i -> pixels.getRGB(i % pixels.getWidth(), i / pixels.getWidth()))
                .distinct()
                .count();
        assertTrue(colours > 50, colours + " colours");
    }

    /** The share of right cells of the two runs that differ by their seed alone, as the page has it. */
    private static String acrossSeeds(JsonNode runs) {
        double one = 100 * runs.at("/0/last_test/test/accuracy").asDouble();
        double other = 100 * runs.at("/2/last_test/test/accuracy").asDouble();
        assertTrue(one != other, "another seed");
        return String.format(Locale.ROOT, "%.1f%% ± %.1f%% (%.1f%% to %.1f%%)", (one + other) / 2,
                Math.abs(one - other) / Math.sqrt(2), Math.min(one, other), Math.max(one, other));
    }

    /** What an evaluation has so far is told as its result will be. */
    @Test
    void anEvaluationIsShownWhileItGoesOn() throws IOException {
        var going = scratch.resolve("eval");
        copy(dir.resolve("eval"), going);
        var result = JSON.readTree(going.resolve("evaluation.json").toFile());
        Files.delete(going.resolve("evaluation.json"));
        var predictions = going.resolve("predictions.jsonl");
        var lines = Files.readString(predictions);
        int fifth = IntStream.range(0, 5).reduce(0, (from, _) -> lines.indexOf('\n', from) + 1);
        Files.writeString(predictions, lines.substring(0, fifth + 9));
        var report = report(going);
        var before = report.read().at("/evaluations/0");
        assertEquals(5, before.get("solved").asInt());
        assertEquals(5, before.at("/result/labelled").asInt());
        assertFalse(before.get("done").asBoolean());
        Files.writeString(predictions, lines);
        var after = report.read().at("/evaluations/0");
        assertEquals(12, after.get("solved").asInt());
        for (var key : List.of(
                "exact_accuracy_by_step", "halts", "calibration", "state_change_by_step", "rollouts", "by_rating")) {
            assertEquals(result.get(key).toString(), after.get("result").get(key).toString(), key);
        }
        assertEquals(3, result.get("trained_steps").asInt());
        Files.writeString(predictions, lines.substring(0, fifth));
        assertEquals(5, report.read().at("/evaluations/0/solved").asInt());
    }

    /** Puzzles with and without colours, boxes and answers, and none of the rest that a run may not have yet. */
    @Test
    void allKindsOfPuzzlesAreDrawn() throws IOException, InterruptedException {
        var browser = browser();
        var report = (ObjectNode) JSON.readTree("""
                {"runs": [{"name": "new", "version": "", "settings": {}, "train": {"step": []}, "test": {"step": []}}],
                 "ablations": [], "evaluations": [], "benches": [], "differences": [],
                 "showcases": [
                 {"run": 0, "step": 7, "candidates": 9, "remark": "Taken for mazes.", "drawing": {"columns": 2, "tokens": [
                   {"text": "?", "colour": null}, {"text": "#", "colour": "#111111"}, {"text": " ", "colour": null},
                   {"text": "S", "colour": "#222222"}, {"text": "G", "colour": "#333333"},
                   {"text": "o", "colour": "#444444"}]},
                  "puzzles": [{"example": 0, "why": "Lost again", "rating": 4, "question": [3, 2, 1, 4],
                   "label": [3, 5, 1, 4],
                   "steps": [{"step": 1, "answer": [3, 5, 1, 4], "halt": 1, "halts": true},
                             {"step": 2, "answer": [3, 2, 1, 4], "halt": -1, "halts": false}]}]},
                 {"run": 0, "step": 7, "candidates": 1, "drawing": {"columns": 4, "box_rows": 1, "box_columns": 2,
                   "tokens": [{"text": "."}, {"text": "1", "given": true}, {"text": "2"}]},
                  "puzzles": [
                  {"example": 1, "why": "Too sure", "question": [1, 0, 0, 0], "label": [1, 2, 1, 2],
                   "steps": [{"step": 1, "answer": [1, 1, 2, 2], "halt": 3, "halts": true}]},
                  {"example": 2, "why": "One of the others", "question": [0, 1, 2, 0], "label": [-1, -1, -1, -1],
                   "steps": [{"step": 1, "answer": [1, 1, 2, 2], "halt": 3, "halts": true}]}]}]}
                """);
        var page = scratch.resolve("kinds.html");
        Files.writeString(page, ReportPage.of(report));
        var visit = browser.open(page.toUri().toString(), scratch);
        assertEquals(List.of(), visit.console());
        for (var text : List.of(
                "Lost again", "Puzzle 1 · rating 4 · 1 cell wrong at last", "Step 1, 0 wrong, halt logit 1.0",
                "<b class=\"right\">✓ halts here, right</b>", "<b>Target</b>",
                "row 1 column 2 is blank instead of o", "Puzzle 2 · 2 cells wrong at last",
                "<b class=\"wrong\">✗ halts here, wrong</b>",
                "row 1 column 2 is 1 instead of 2; row 1 column 3 is 2 instead of 1", "Puzzle 3 · no answer is known",
                "<b>halts here</b>", "Taken for mazes.", "Chosen from 9 test puzzles")) {
            assertTrue(visit.elements().contains(text), text);
        }
    }

    /** The checks above can fail: what goes wrong in a page is heard of. */
    @Test
    void complaintsAreHeard() throws IOException, InterruptedException {
        var browser = browser();
        var page = scratch.resolve("broken.html");
        Files.writeString(page, ReportPage.of(JSON.createObjectNode()));
        assertFalse(browser.open(page.toUri().toString(), scratch).console().isEmpty());
    }

    @Test
    void watchingShowsWhatIsNew() throws IOException, InterruptedException {
        var run = scratch.resolve("run");
        copy(dir.resolve("one"), run);
        try (var server = new ReportServer(report(run), 0)) {
            var page = get(server.address());
            assertTrue(page.contains("data-live=\"/data.json\""));
            assertEquals(6, data(page).at("/runs/0/last_step/step").asInt());
            Files.writeString(run.resolve("metrics.jsonl"), "{\"step\": 7, \"loss\": 0.5}\n{\"step\": 8, \"lo",
                    StandardOpenOption.APPEND);
            var data = server.address().resolve("data.json");
            try (var client = HttpClient.newHttpClient()) {
                var fresh = client.send(HttpRequest.newBuilder(data).build(), BodyHandlers.ofString());
                assertEquals(7, JSON.readTree(fresh.body()).at("/runs/0/last_step/step").asInt());
                var tag = fresh.headers().firstValue("ETag").orElseThrow();
                var again = HttpRequest.newBuilder(data).header("If-None-Match", tag).build();
                assertEquals(304, client.send(again, BodyHandlers.ofString()).statusCode());
                Files.writeString(run.resolve("metrics.jsonl"), "ss\": 0.25}\n", StandardOpenOption.APPEND);
                var later = client.send(again, BodyHandlers.ofString());
                assertEquals(200, later.statusCode());
                assertEquals(8, JSON.readTree(later.body()).at("/runs/0/last_step/step").asInt());
            }
            assertEquals(404, status(server.address(), "localhost", "/config.yaml"));
            assertEquals(403, status(server.address(), "example.org", "/"));
            assertTrue(server.address().getHost().equals("localhost"));
        }
    }

    /** Those that go on are shown all the same. */
    @Test
    void aRunThatGoesIsShownAsItWas() throws IOException, InterruptedException {
        var run = scratch.resolve("run");
        copy(dir.resolve("one"), run);
        var report = new Report(List.of(run, dir.resolve("one")), Showcase.none(), 2);
        try (var server = new ReportServer(report, 0)) {
            var before = data(get(server.address()));
            assertTrue(before.at("/problems").isEmpty());
            Files.move(run.resolve("config.yaml"), run.resolve("config.old"));
            var after = data(get(server.address()));
            assertEquals(before.get("runs"), after.get("runs"));
            assertTrue(after.at("/problems/0").asText().contains(run.toString()), after.at("/problems").toString());
            assertEquals(1, after.at("/problems").size());
            Files.move(run.resolve("config.old"), run.resolve("config.yaml"));
            assertEquals(before, data(get(server.address())));
        }
        Files.delete(run.resolve("config.yaml"));
        assertThrows(RunException.class, () -> report(run).read());
    }

    @Test
    void whoSendsHalfARequestHoldsNobodyUp() throws IOException {
        try (var server = new ReportServer(report(dir.resolve("one")), 0);
                var half = new Socket("localhost", server.address().getPort())) {
            half.getOutputStream().write("GET / HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
            half.getOutputStream().flush();
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> get(server.address()));
        }
    }

    @Test
    void whatIsNoRunIsTold() throws IOException {
        assertTrue(assertThrows(RunException.class, () -> report(scratch)).getMessage()
                .startsWith("There is nothing to show in " + scratch + ", expected the folder of a run"));
        var run = scratch.resolve("run");
        copy(dir.resolve("one"), run);
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\": 1}\nnot json\n");
        assertTrue(assertThrows(RunException.class, () -> report(run).read()).getMessage().contains("line 2"));
    }

    private static Report report(Path folder) {
        return new Report(List.of(folder), Showcase.none(), 2);
    }

    private static Browser browser() {
        var browser = Browser.find();
        assumeTrue(browser.isPresent(), "no Chromium is installed here");
        return browser.get();
    }

    private static JsonNode data(String page) throws IOException {
        var matcher = DATA.matcher(page);
        assertTrue(matcher.find());
        return JSON.readTree(matcher.group(1));
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static String get(URI address) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
        }
    }

    /** What a browser gets that was led here by another name. */
    private static int status(URI server, String host, String path) throws IOException {
        try (var socket = new Socket("localhost", server.getPort())) {
            var request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
