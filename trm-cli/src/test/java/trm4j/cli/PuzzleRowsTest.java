package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.report.Report;
import trm4j.cli.report.Showcase;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.model.net.Parameters;
import trm4j.train.data.TokenDataset;
import trm4j.train.run.Training;

/** A model meets data sets whose puzzle identifiers are numbered or named in another way than those it is for. */
class PuzzleRowsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path dir;

    @TempDir
    private Path out;

    private static final StringWriter PRINTED = new StringWriter();
    private static final StringWriter ERRORS = new StringWriter();

    /** A run, a model of its whose rows are far apart, and its data set with the identifiers counted backwards. */
    @BeforeAll
    static void make() throws IOException {
        var examples = IntStream.range(0, 8)
                .mapToObj(i -> new Example(new int[] {i % 5, 1, 2, 3}, new int[] {1, 2, 3, i % 5}, 1 + i % 4)).toList();
        TokenDataset.write(dir.resolve("set"), "rotation", 5, examples, examples, false);
        write(dir.resolve("set"), List.of("<blank>", "north", "east", "south", "west"));
        Files.writeString(dir.resolve("tiny.yaml"), """
                run: {steps: 1, eval_batch: 8}
                arch: {mlp_t: false, pos_encodings: rope, hidden_size: 16, num_heads: 1, puzzle_emb_ndim: 16,
                  puzzle_emb_len: 1, h_cycles: 1, l_cycles: 1, l_layers: 1, halt_max_steps: 2}
                train: {batch_size: 2}
                """);
        assertEquals(0, trm("train DIR/tiny.yaml --data DIR/set --out DIR/run"), ERRORS.toString());
        copy(dir.resolve("set"), dir.resolve("backwards"));
        countBackwards(dir.resolve("backwards"));

        var file = Training.checkpoint(dir.resolve("run"));
        var model = Checkpoint.load(file);
        var random = new Random(1);
        var rows = model.tensors().get(Parameters.PUZZLES).values();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = 3 * (float) random.nextGaussian();
        }
        model.save(dir.resolve("model.safetensors"));
        Files.copy(file.resolveSibling("model.identifiers.json"), dir.resolve("model.identifiers.json"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void countBackwards(Path set) throws IOException {
        var names = names(set);
        int most = names.size() - 1;
        write(set, Stream.concat(names.stream().limit(1), names.reversed().stream().limit(most)).toList());
        for (var split : List.of("train", "test")) {
            var file = set.resolve(split + "/all__puzzle_identifiers.npy");
            var bytes = Files.readAllBytes(file);
            // A header of 128 bytes, and then numbers of four.
            var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(128).slice()
                    .order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
            for (int i = 0; i < numbers.limit(); i++) {
                numbers.put(i, most + 1 - numbers.get(i));
            }
            Files.write(file, bytes);
        }
    }

    private static List<String> names(Path set) throws IOException {
        return JSON.readerForListOf(String.class).readValue(set.resolve("identifiers.json").toFile());
    }

    private static void write(Path set, List<String> names) throws IOException {
        JSON.writeValue(set.resolve("identifiers.json").toFile(), names);
    }

    @Test
    void rowsAreFoundByNameWhateverTheNumbering() throws IOException {
        var expected = predictions("DIR/model.safetensors", "DIR/set");
        assertEquals("", remarks());
        assertEquals(expected, predictions("DIR/model.safetensors", "DIR/backwards"));
        assertEquals("", remarks());

        var model = Checkpoint.load(dir.resolve("model.safetensors"));
        model.withRowNames(Optional.empty()).save(out.resolve("old.safetensors"));
        assertEquals(expected, predictions("OUT/old.safetensors", "DIR/set"));
        assertEquals(out + "/old.safetensors does not know by name the puzzle identifiers; those of the data set are "
                + "taken to be numbered as when the model was trained.\n", remarks());
        assertNotEquals(expected, predictions("OUT/old.safetensors", "DIR/backwards"), "rows matter");

        Files.delete(copyOf("backwards", "unnamed").resolve("identifiers.json"));
        predictions("DIR/model.safetensors", "OUT/unnamed");
        assertTrue(remarks().contains(out + "/unnamed has no names for the puzzle identifiers"), remarks());
    }

    private Path copyOf(String set, String name) throws IOException {
        copy(dir.resolve(set), out.resolve(name));
        return out.resolve(name);
    }

    /** Before it begins, and not by figures of zero. */
    @Test
    void noKnownTaskIsToldFirst() throws IOException {
        var set = copyOf("set", "others");
        write(set, names(set).stream().map(name -> name.startsWith("<") ? name : "other-" + name).toList());
        predictions("DIR/model.safetensors", "OUT/others");
        assertTrue(
                remarks().startsWith("0 of 4 tasks are known to this model. Of the 4 puzzle identifiers"), remarks());
        var model = Checkpoint.load(dir.resolve("model.safetensors"));
        Arrays.fill(model.tensors().get(Parameters.PUZZLES).values(), 0.5f);
        model.save(out.resolve("alike.safetensors"));
        Files.copy(dir.resolve("model.identifiers.json"), out.resolve("alike.identifiers.json"));
        predictions("OUT/alike.safetensors", "DIR/set");
        assertEquals("0 of 4 tasks are known to this model: all 5 rows of its puzzle table are the same.\n", remarks());
    }

    /** The mean is worked out here again, for a model that has it as the row of that name. */
    @Test
    void namesThatTheModelDoesNotKnowAreCountedAndGetTheMeanRow() throws IOException {
        var set = copyOf("backwards", "renamed");
        write(set, names(set).stream().map(name -> name.replace("east", "up")).toList());
        var found = predictions("DIR/model.safetensors", "OUT/renamed");
        assertTrue(remarks().matches("Of the 4 puzzle identifiers of 8 puzzles, \\S+/model.safetensors does not know 1 "
                + "\\(2 puzzles\\) by name, such as up; these get the mean of all its rows.\n"),
                remarks());

        var model = Checkpoint.load(dir.resolve("model.safetensors"));
        var table = model.tensors().get(Parameters.PUZZLES);
        var names = names(dir.resolve("set"));
        int width = table.shape()[1];
        var means = new double[width];
        for (int i = 0; i < table.values().length; i++) {
            means[i % width] += table.values()[i] / (double) names.size();
        }
        for (int i = 0; i < width; i++) {
            table.values()[names.indexOf("east") * width + i] = (float) means[i];
        }
        model.save(out.resolve("mean.safetensors"));
        assertEquals(predictions("OUT/mean.safetensors", "DIR/set").replace("east", "up"), found);
    }

    @Test
    void aModelOnItsOwnIsNotTakenForAnother() throws IOException {
        Files.copy(dir.resolve("model.safetensors"), out.resolve("alone.safetensors"));
        var expected = predictions("OUT/alone.safetensors", "DIR/set");
        assertEquals("", remarks());
        assertEquals(1, run("eval OUT/alone.safetensors --data DIR/backwards --out OUT/refused"));
        assertTrue(ERRORS.toString().contains("was trained with other puzzle identifiers than " + dir + "/backwards "
                + "has, expected their names in " + out + "/alone.identifiers.json"), ERRORS.toString());
        Files.copy(dir.resolve("model.identifiers.json"), out.resolve("alone.identifiers.json"));
        assertEquals(expected, predictions("OUT/alone.safetensors", "DIR/backwards"));
    }

    @Test
    void namesGoAlongThroughPyTorchsFormat() throws IOException {
        var expected = predictions("DIR/model.safetensors", "DIR/set");
        assertEquals(0, run("export DIR/model.safetensors OUT/m.pt"), ERRORS.toString());
        assertEquals(0, run("import OUT/m.pt --out OUT/m.safetensors"), ERRORS.toString());
        assertEquals(expected, predictions("OUT/m.safetensors", "DIR/backwards"));
        assertEquals(0, run("import OUT/m.pt --data DIR/backwards --out OUT/other.safetensors"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("Of the data set's 5 puzzle identifiers, the file knows 5 by name"),
                PRINTED.toString());
        assertEquals(expected, predictions("OUT/other.safetensors", "DIR/backwards"));
        assertEquals(expected, predictions("OUT/other.safetensors", "DIR/set"));
    }

    /** Where the data set was made anew, a report finds rows by name, and training does not go on. */
    @Test
    void aRunsDataSetIsMadeAnew() throws IOException {
        copy(dir.resolve("run"), out.resolve("run"));
        var file = Training.checkpoint(out.resolve("run"));
        Files.copy(dir.resolve("model.safetensors"), file, StandardCopyOption.REPLACE_EXISTING);
        var expected = shown();
        var record = out.resolve("run/data.json");
        Files.writeString(record, Files.readString(record).replace(dir + "/set", dir + "/backwards"));
        assertEquals(expected, shown());

        assertEquals(1, run("train --resume OUT/run --steps 2 --data DIR/backwards"));
        assertTrue(ERRORS.toString().contains("backwards/identifiers.json is not what the run"), ERRORS.toString());
    }

    private JsonNode shown() {
        var showcase = new Showcase(Devices.named("cpu"), 3, 3, Duration.ofMinutes(1));
        var report = new Report(List.of(out.resolve("run")), showcase, 0);
        report.read();
        report.solve(_ -> {});
        return report.read().at("/showcases/0/puzzles");
    }

    /** What a model makes of a data set's test puzzles, to the bit. */
    private String predictions(String model, String data) throws IOException {
        var folder = Files.createTempDirectory(out, "eval");
        assertEquals(0, run("eval " + model + " --data " + data + " --out " + folder), ERRORS.toString());
        return Files.readString(folder.resolve("predictions.jsonl"));
    }

    /** What the last command printed before it began, but that nobody knows how to judge these puzzles. */
    private static String remarks() {
        return PRINTED.toString().replaceFirst("(?s)Predictions go to.*", "")
                .replaceFirst(".* of the kind rotation, of which no puzzle family .*\n", "");
    }

    private int run(String command) {
        return trm(command.replace("OUT", out.toString()));
    }

    private static int trm(String command) {
        return Commands.runAfresh(PRINTED, ERRORS, command.replace("DIR", dir.toString()).split(" +"));
    }
}
