package trm4j.cli.fuzz;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import trm4j.model.Checkpoint;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.Safetensors;
import trm4j.model.net.Parameters;
import trm4j.model.torch.TorchExport;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcDataset;
import trm4j.train.data.arc.ArcSource;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuSource;
import trm4j.train.eval.EvaluationRun;

/** Small files of every kind, as they should be, made in a folder. */
record Seeds(Path folder) {

    private static final String MARKER = "\n@@";

    /** What a data set's folder may have, in the order of their marks in a packed one. */
    private static final List<String> DATASET_FILES = datasetFiles();

    private static final String CONFIG = """
            run: {steps: 4, eval_interval: 2, eval_batch: 8, eval_puzzles: 0, seed: 1}
            puzzles: &puzzles
              size: 4
              train: 10
              test: 5
              min_clues: 4
              max_clues: 8
            arch:
              hidden_size: 4
              num_heads: 1
              puzzle_emb_ndim: 4
              puzzle_emb_len: 1
              H_cycles: 2
              L_cycles: 2
              mlp_t: false
              pos_encodings: rope
            train: {batch_size: 8, lr: 1e-3, loss: stablemax_cross_entropy}
            """;

    private static final String AUTHORS_CONFIG = """
            arch:
              H_cycles: 3
              L_cycles: 2
              L_layers: 1
              expansion: 4
              forward_dtype: bfloat16
              halt_max_steps: 3
              hidden_size: 2
              loss:
                loss_type: softmax_cross_entropy
                name: losses@ACTLossHead
              mlp_t: true
              name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
              num_heads: 1
              pos_encodings: none
              puzzle_emb_len: 1
              puzzle_emb_ndim: 2
            ema: true
            global_batch_size: 8
            lr: 0.0001
            """;

    private static final String MODEL = """
            {"seq_len": 16, "vocab_size": 6, "num_puzzle_identifiers": 1, "puzzle_emb_ndim": 2, "puzzle_emb_len": 1,
             "h_cycles": 3, "l_cycles": 2, "l_layers": 1, "hidden_size": 2, "num_heads": 1, "halt_max_steps": 3}""";

    private static final String PAIR = "{\"input\": [[1, 2], [3, 4]], \"output\": [[5, 6, 7]]}";
    private static final String TASK = "{\"train\": [" + PAIR + "], \"test\": [{\"input\": [[0], [9]]}]}";

    /** Makes them all in an empty folder. */
    static Seeds make(Path folder) throws IOException {
        var seeds = new Seeds(folder);
        seeds.text("config.yaml", CONFIG);
        seeds.text("all_config.yaml", AUTHORS_CONFIG);
        seeds.text("sudoku.csv", "source,question,answer,rating\n"
                + "a,1...2...3...4...,,3\nb,1234341221434321,1234341221434321,0\n\"c\",\"12..34..21..43..\",,\n");
        seeds.text("sudoku9.csv", "question\n"
                + "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79\n");
        seeds.text("maze.csv", "question,answer\n\"######S G## # ##   ######\",\n"
                + "######S G## # ##   ######,######SoG## # ##   ######\n");
        seeds.text("change.txt", "train.lr= 3e-4");
        seeds.text("puzzle.txt", "1...2...3..04...");
        seeds.text("task.json", TASK);
        seeds.text("x_challenges.json", "{\"a\": " + TASK + ", \"b\": " + TASK + "}");
        seeds.text("x_solutions.json", "{\"a\": [[[1]]], \"b\": [[[1, 2], [3, 4]]]}");
        seeds.makeDatasets();
        seeds.makeModels();
        seeds.makeEvaluation();
        for (var name : List.of("sudoku", "arc")) {
            Files.write(seeds.path(name + ".packed"), seeds.packed(name));
        }
        Runs.make(seeds);
        Recordings.make(seeds.path("recording"), seeds.path("sealed"));
        return seeds;
    }

    private void text(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void makeDatasets() {
        var csv = new CsvFiles(folder.resolve("sudoku.csv"), Split.TEST, OptionalInt.empty(), 0);
        SudokuDataset.write(new SudokuSource.Csv(csv, 0, 0), folder.resolve("sudoku"), false);
        ArcDataset.write(new ArcSource(List.of(), List.of(folder.resolve("x_challenges.json")), 1, 0),
                folder.resolve("arc"), false);
    }

    /** A small model; one file of each kind says of what architecture it is, the other does not. */
    private void makeModels() throws IOException {
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(MODEL), "seed");
        var model = new Checkpoint(config, TrainConfig.PAPER, 7, new Parameters(config).initialize(0));
        model.save(folder.resolve("model.safetensors"));
        new Safetensors(model.tensors(), Map.of()).write(folder.resolve("bare.safetensors"));
        TorchExport.write(model, TorchExport.Type.F32, folder.resolve("model.pt"));
        repack(folder.resolve("model.pt"), folder.resolve("bare.pt"), Map.of("trm4j.json", new byte[0]));
        Files.write(path("data.pkl"), member("bare.pt", "data.pkl"));
        Files.write(path("trm4j.json"), member("model.pt", "trm4j.json"));
    }

    private void makeEvaluation() throws IOException {
        var folder = path("eval");
        try (var dataset = PuzzleDataset.open(path("arc"), Split.TEST);
                var run = new EvaluationRun(folder, Target.settings(this), dataset, false)) {
            run.resumed();
        }
        var line = JsonNodeFactory.instance.objectNode().put("example", 0).put("identifier", "a");
        line.putArray("question").add("0").add("9");
        line.putArray("answer").add("12").add("34");
        line.putArray("halt_logits").add(-1.5).add(0.5).add(2);
        line.put("halted_at", 2).putArray("right").add(1).add(2).add(900);
        line.put("labelled", 900).put("loss", 0.25).put("rating", 3).putObject("rules").put("valid", true);
        Files.writeString(folder.resolve("predictions.jsonl"), line + "\n" + line.put("example", 1) + "\n");
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    byte[] file(String name) throws IOException {
        return Files.readAllBytes(path(name));
    }

    /** A copy of them all, to be changed. */
    Seeds copy(Path to) throws IOException {
        return new Seeds(copy("", to));
    }

    /** A copy of a folder. */
    Path copy(String name, Path to) throws IOException {
        try (var paths = Files.walk(path(name))) {
            for (var path : paths.toList()) {
                Files.copy(path, to.resolve(path(name).relativize(path).toString()));
            }
        }
        return to;
    }

    private byte[] member(String archive, String record) throws IOException {
        try (var zip = new ZipFile(path(archive).toFile())) {
            return zip.getInputStream(zip.getEntry("archive/" + record)).readAllBytes();
        }
    }

    /** An archive with another record. */
    Path archive(String name, String record, byte[] bytes, Path to) throws IOException {
        repack(path(name), to, Map.of(record, bytes));
        return to;
    }

    /** Copies an archive with some records changed; empty ones are left out. */
    private static void repack(Path from, Path to, Map<String, byte[]> changes) throws IOException {
        try (var zip = new ZipFile(from.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(to))) {
            for (var entry : (Iterable<ZipEntry>) zip.stream().<ZipEntry>map(e -> e)::iterator) {
                var name = entry.getName().substring("archive/".length());
                var bytes = changes.containsKey(name) ? changes.get(name) : zip.getInputStream(entry).readAllBytes();
                if (bytes.length > 0) {
                    store(out, entry.getName(), bytes);
                }
            }
        }
    }

    private static void store(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        var checksum = new CRC32();
        checksum.update(bytes);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
    }

    private static List<String> datasetFiles() {
        var files = new ArrayList<>(List.of("identifiers.json", "test_puzzles.json"));
        for (var split : Split.values()) {
            files.add(split + "/dataset.json");
            for (var array : List.of(
                    "inputs", "labels", "puzzle_identifiers", "puzzle_indices", "group_indices", "ratings")) {
                files.add(split + "/all__" + array + ".npy");
            }
        }
        return List.copyOf(files);
    }

    /** A data set's folder as one input: before each file stand a marker, a letter for its name and a line's end. */
    byte[] packed(String name) throws IOException {
        var packed = new ByteArrayOutputStream();
        for (var file : DATASET_FILES) {
            if (Files.exists(path(name).resolve(file))) {
                packed.writeBytes((MARKER + (char) ('a' + DATASET_FILES.indexOf(file)) + "\n").getBytes());
                packed.writeBytes(Files.readAllBytes(path(name).resolve(file)));
            }
        }
        return packed.toByteArray();
    }

    static Path unpack(byte[] packed, Path to) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        for (var part : new String(packed, StandardCharsets.ISO_8859_1).split(MARKER)) {
            if (part.length() >= 2) {
                var name = DATASET_FILES.get(Math.floorMod(part.charAt(0) - 'a', DATASET_FILES.size()));
                files.put(name, part.substring(2).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        Files.createDirectories(to);
        for (var file : files.entrySet()) {
            Files.createDirectories(to.resolve(file.getKey()).getParent());
            Files.write(to.resolve(file.getKey()), file.getValue());
        }
        return to;
    }
}
