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
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.Commands;
import trm4j.kernels.device.Devices;
import trm4j.train.RunException;
import trm4j.train.run.RunRecord;

/** The page of two tiny runs, as a browser shows it. */
class ReportTest {

    private static final ObjectMapper JSON = new ObjectMapper();
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
                arch: {hidden_size: 16, num_heads: 2, puzzle_emb_ndim: 16, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 1,
                  halt_max_steps: 3}
                train: {batch_size: 8}
                """);
        trm("train DIR/tiny.yaml --out DIR/one");
        // A name that would end the page's data, if it could.
        trm("train DIR/tiny.yaml --out DIR/<!--<script> --data DIR/one/data --set train.lr=3e-3");
        trm("report DIR/one DIR/<!--<script> --out DIR/report.html --puzzles 3");
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
        assertEquals(JSON.readTree("[3,6]"), runs.at("/1/test/step"));
        assertEquals(3, runs.at("/1/last_test/test/exact_accuracy_by_step").size());
        assertEquals(1, report.get("differences").size(), report.get("differences").toString());
        assertEquals("train.lr", report.at("/differences/0/key").asText());
        var puzzles = runs.at("/0/puzzles");
        assertEquals(3, puzzles.size());
        assertEquals(puzzles.at("/0/question"), runs.at("/1/puzzles/0/question"));
        assertEquals(3, puzzles.at("/2/steps").size());
        assertEquals(16, puzzles.at("/2/steps/0/answer").size());
        assertEquals(puzzles.at("/2/steps/0/halt").floatValue() > 0, puzzles.at("/2/steps/0/halts").booleanValue());
        assertTrue(puzzles.at("/2/steps/0/halts").isBoolean() && puzzles.at("/2/remark").isMissingNode());
    }

    @Test
    void aBrowserShowsItWithoutComplaint() throws IOException, InterruptedException {
        var browser = browser();
        var address = dir.resolve("report.html").toUri().toString();
        var visit = browser.open(address, scratch);
        assertEquals(List.of(), visit.console());
        assertTrue(visit.elements().contains("data-shown=\"yes\""));
        assertTrue(count(visit.elements(), "class=\"grid\"") >= 2 * 3 * 2, "pictures of puzzles");
        assertTrue(count(visit.elements(), "class=\"uplot") >= 8, "charts");
        assertTrue(visit.elements().contains("train.lr"));
        var picture = scratch.resolve("phone.png");
        browser.screenshot(address, picture, 400, 2000, scratch);
        var pixels = ImageIO.read(picture.toFile());
        long colours = IntStream.range(0, pixels.getWidth() * pixels.getHeight())
                .map(i -> pixels.getRGB(i % pixels.getWidth(), i / pixels.getWidth()))
                .distinct()
                .count();
        assertTrue(colours > 50, colours + " colours");
    }

    /** Puzzles of all kinds, and none of the rest that a run may not have yet. */
    @Test
    void allKindsOfPuzzlesAreDrawn() throws IOException, InterruptedException {
        var browser = browser();
        var report = (ObjectNode) JSON.readTree("""
                {"runs": [{"name": "new", "version": "", "settings": {}, "train": {"step": []}, "test": {"step": []},
                  "puzzles": [
                  {"columns": 2, "tokens": [{"text": "?"}, {"colour": "#57606a"}, {"text": " "}, {"colour": "#2da44e"},
                   {"colour": "#cf222e"}, {"colour": "#0969da"}], "example": 0, "step": 7, "question": [3, 2, 1, 4],
                   "label": [3, 5, 1, 4], "remark": "Taken for mazes.",
                   "steps": [{"answer": [3, 5, 1, 4], "halt": 1, "halts": true}, {"answer": [3, 2, 1, 4], "halt": -1}]},
                  {"columns": 3, "tokens": [{"filler": true}, {"filler": true}, {"colour": "#000000"}, {}, {},
                   {"colour": "#ff4136"}, {}, {}, {}, {}, {}, {"colour": "#870c25"}], "example": 1, "step": 7, "question": [2, 11, 1, 1, 1, 0, 0, 0, 0],
                   "label": [11, 2, 1, 1, 1, -1, -1, -1, -1], "steps": [{"answer": [2, 2, 1, 1, 1, 0, 5, 0, 0], "halt": -3, "halts": false}]},
                  {"columns": 4, "tokens": [{}, {"text": "a"}, {"text": "b"}, {"text": "c"}, {"text": "d"},
                   {}, {"text": "f"}, {"text": "g"}, {"text": "h"}, {"text": "ten"}], "example": 2, "step": 7, "question": [1, 2, 3, 4],
                   "label": [-1, -1, -1, -1], "steps": [{"answer": [9, 8, 7, 6], "halt": 3, "halts": false}]}]}],
                 "differences": []}
                """);
        var page = scratch.resolve("kinds.html");
        Files.writeString(page, ReportPage.of(report));
        var visit = browser.open(page.toUri().toString(), scratch);
        assertEquals(List.of(), visit.console());
        for (var text : List.of(
                "Puzzle 1: 1 cell wrong", "step 1, 0 wrong, halt logit 1.0<b> halts here", "Puzzle 2: 1 cell wrong",
                "Puzzle 3: no answer is known", "halt logit 3.0<",
                "Taken for mazes.")) {
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
        try (var server = new ReportServer(new Report(List.of(run), Devices.named("cpu"), 0), 0)) {
            var page = get(server.address());
            assertTrue(page.contains("data-live=\"/data.json\""));
            assertEquals(6, data(page).at("/runs/0/last_step/step").asInt());
            Files.writeString(run.resolve("metrics.jsonl"), "{\"step\": 7, \"loss\": 0.5}\n{\"step\": 8, \"lo",
                    StandardOpenOption.APPEND);
            var fresh = JSON.readTree(get(server.address().resolve("data.json")));
            assertEquals(7, fresh.at("/runs/0/last_step/step").asInt());
            assertEquals(404, status(server.address(), "localhost", "/config.yaml"));
            assertEquals(403, status(server.address(), "example.org", "/"));
            Files.delete(run.resolve("config.yaml"));
            assertEquals(500, status(server.address(), "localhost", "/data.json"));
            assertTrue(server.address().getHost().equals("localhost"));
        }
    }

    @Test
    void whoSendsHalfARequestHoldsNobodyUp() throws IOException {
        try (var server = new ReportServer(new Report(List.of(dir.resolve("one")), Devices.named("cpu"), 0), 0);
                var half = new Socket("localhost", server.address().getPort())) {
            half.getOutputStream().write("GET / HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
            half.getOutputStream().flush();
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> get(server.address()));
        }
    }

    @Test
    void whatIsNoRunIsTold() throws IOException {
        assertTrue(assertThrows(RunException.class, () -> RunRecord.of(scratch)).getMessage()
                .startsWith("No run in " + scratch));
        var run = scratch.resolve("run");
        copy(dir.resolve("one"), run);
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\": 1}\nnot json\n");
        assertTrue(assertThrows(RunException.class, () -> RunRecord.of(run)).getMessage().contains("line 2"));
    }

    /** Means of neighbours: what is shown of a long run adds up to the same. */
    @Test
    void longRunsAreShownInFewPoints() {
        var lines = IntStream.rangeClosed(1, 6_000)
                .<JsonNode>mapToObj(step -> {
                    var line = JSON.createObjectNode().put("step", step).put("loss", Math.sin(step));
                    return step % 4 == 0 ? line.put("steps", step) : line;
                })
                .toList();
        var columns = Curve.columns(lines, List.of("/loss", "/steps", "/none"));
        assertEquals(1_500, columns.get("step").size());
        assertEquals(6_000, columns.at("/step/1499").asInt());
        double sum = 0;
        for (var value : columns.get("loss")) {
            sum += 4 * value.asDouble();
        }
        assertEquals(lines.stream().mapToDouble(line -> line.get("loss").asDouble()).sum(), sum, 1e-9);
        assertEquals(8, columns.at("/steps/1").asInt());
        assertTrue(columns.at("/none/0").isNull());
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
