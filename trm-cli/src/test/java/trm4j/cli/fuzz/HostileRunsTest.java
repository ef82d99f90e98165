package trm4j.cli.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.cli.report.Report;
import trm4j.kernels.UserException;
import trm4j.train.RunException;
import trm4j.train.run.RunRecord;

/** Folders of runs that someone else may have filled, to go on with or to look at. */
class HostileRunsTest extends HostileInput {

    private static final String CHECKPOINT = "run/checkpoints/step-2/";

    /** A JSON file with another value under a key. */
    private String changed(String file, String key, String value) throws IOException {
        var json = (ObjectNode) new ObjectMapper().readTree(seeds.file(file));
        json.set(key, new ObjectMapper().readTree(value));
        return json.toString();
    }

    /** Whoever makes a file can make its checksum too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "metrics_bytes | -1", "batches | null", "batches | {\"pass\": -1, \"batch\": 0}", "unwritten | null",
        "batches | {\"pass\": 0, \"batch\": -1}", "recent | null", "device | null", "batches | []", "seed | 2"})
    void aPlaceThatNoRunCanBeAtIsRefused(String key, String value) throws IOException {
        var message = refusal(Target.RUN_STATE, changed(CHECKPOINT + "run.json", key, value));
        assertTrue(message.contains(key.equals("seed") ? "run.seed: expected 2" : "run.json is damaged"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "", "{} {}", "{\"format\": 1, \"step\": 2}"})
    void whatIsNoRecordIsRefused(String json) throws IOException {
        for (var target : List.of(Target.CHECKPOINT, Target.RUN_STATE, Target.DATA_RECORD)) {
            assertTrue(!refusal(target, json).equals("read"), target + " " + json);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "seconds | \"long\" | run.json is damaged: key seconds: expected a number, found something else",
        "seed | 1.5 | run.json is damaged: key seed: expected a whole number, found something else",
        "batches | {\"pass\": \"x\", \"batch\": 0} | key batches.pass: expected a whole number",
        "speed | 3 | run.json is damaged: unknown key speed",
        "device | [1] | key device: expected a text"})
    void aStateWithAnotherValueNamesItsKey(String key, String value, String expected) throws IOException {
        var message = refusal(Target.RUN_STATE, changed(CHECKPOINT + "run.json", key, value));
        assertTrue(message.contains(expected), message);
    }

    /** What is elsewhere cannot be found out by its checksum. */
    @Test
    void checkpointsNameNoFilesButTheirOwn() throws IOException {
        var manifest = (ObjectNode) new ObjectMapper().readTree(seeds.file(CHECKPOINT + "checkpoint.json"));
        var files = (ObjectNode) manifest.get("files");
        files.set("../../config.yaml", files.get("run.json"));
        var message = refusal(Target.CHECKPOINT, manifest.toString());
        assertTrue(message.contains("checkpoint.json is not of this step's files"), message);
    }

    @Test
    void aStateOfAnotherStepIsRefused() throws IOException {
        var state = new String(seeds.file(CHECKPOINT + "training.safetensors"), StandardCharsets.ISO_8859_1);
        assertTrue(state.contains("\"step\":\"2\""));
        var other = state.replace("\"step\":\"2\"", "\"step\":\"3\"").getBytes(StandardCharsets.ISO_8859_1);
        var message = guard.check(Target.TRAINING_STATE, other).orElse("read");
        assertTrue(message.contains("training.safetensors is of step 3, expected 2"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "path | null", "files | null", "path | \"a\\u0000b\"", "files | {\"a\\u0000b\": null}",
        "files | {\"../../secret\": {\"bytes\": 1, \"crc32c\": \"0\"}}"})
    void aDataSetThatCannotBeIsRefused(String key, String value) throws IOException {
        var message = refusal(Target.DATA_RECORD, changed("run/data.json", key, value));
        assertTrue(message.contains("data.json is damaged"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"x\"", "[{}]", "null", "", "not json", "{} {"})
    void linesOfMetricsAreObjects(String line) throws IOException {
        Files.writeString(seeds.path("run/metrics.jsonl"), "{\"step\": 1}\n" + line + "\n");
        var message = assertThrows(RunException.class, () -> RunRecord.of(seeds.path("run"))).getMessage();
        assertTrue(message.contains("line 2"), message);
    }

    @Test
    void linesOfMetricsHaveAnEnd() throws IOException {
        Files.writeString(seeds.path("run/metrics.jsonl"), "{\"step\": 1}\n{\"loss\": " + "1".repeat(17 << 20));
        var message = assertThrows(RunException.class, () -> RunRecord.of(seeds.path("run"))).getMessage();
        assertTrue(message.contains("expected lines of less than 16777216 bytes, found a longer one"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "5", "{\"variant\": null}", ""})
    void rowsOfAnAblationHaveAVariant(String line) throws IOException {
        var message = refusal(Target.ABLATION, line + "\n");
        assertTrue(message.contains("ablation.jsonl has a line that is no row"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "num_puzzle_identifiers | 0", "seq_len | 0", "batch_size | 2", "batch_size | 0", "vocab_size | 1"})
    void aRecordingOfOtherSizesIsRefused(String key, String value) throws IOException {
        var arch = (ObjectNode) new ObjectMapper().readTree(seeds.file("recording/config.json")).get("arch");
        arch.set(key, new ObjectMapper().readTree(value));
        var config = changed("recording/config.json", "arch", arch.toString());
        assertTrue(!refusal(Target.RECORDING, config).equals("read"));
    }

    /** Whoever goes on with a run writes to these files. */
    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @ValueSource(strings = {"lock", "metrics.jsonl", ".config.yaml.writing"})
    void runsDoNotWriteWhereALinkLeads(String name) throws IOException {
        var elsewhere = Files.writeString(folder.resolve("elsewhere"), "mine\n");
        Files.deleteIfExists(seeds.path("run").resolve(name));
        Files.createSymbolicLink(seeds.path("run").resolve(name), elsewhere);
        assertThrows(RunException.class, this::goOn);
        assertEquals("mine\n", Files.readString(elsewhere));
    }

    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @ValueSource(strings = {
        "config.yaml", "data.json", "metrics.jsonl", "lock", "version.txt", ".config.yaml.writing",
        "checkpoints/step-2/checkpoint.json", "checkpoints/step-2/run.json", "checkpoints/step-2/model.safetensors",
        "checkpoints/step-2/training.safetensors"})
    void pipesAreRefused(String name) throws Exception {
        var file = seeds.path("run").resolve(name);
        Files.deleteIfExists(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertThrows(UserException.class, () -> {
            goOn();
            new Report(List.of(seeds.path("run")), Runs.DEVICE, 0).read();
        });
    }

    private void goOn() {
        Runs.goOn(seeds.path("run"), null, () -> true);
    }
}
