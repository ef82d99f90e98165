package trm4j.cli.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import trm4j.cli.AblationTable;
import trm4j.cli.report.Report;
import trm4j.cli.report.Showcase;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.train.ablation.Ablation;
import trm4j.train.ablation.AblationFolder;
import trm4j.train.ablation.Variant;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;
import trm4j.train.eval.Evaluation;
import trm4j.train.metrics.StepProgress;
import trm4j.train.run.RunConfig;
import trm4j.train.run.RunFolder;
import trm4j.train.run.RunRecord;
import trm4j.train.run.Training;

/** A run that was stopped halfway, and how the commands read it when one of its files is another. */
final class Runs {

    static final Device DEVICE = TestDevices.cpu(1);

    private static final String CONFIG = """
            run: {steps: 4, eval_batch: 4, checkpoint_minutes: 0, seed: 1}
            arch: {hidden_size: 2, num_heads: 1, puzzle_emb_ndim: 2, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 1,
              halt_max_steps: 2, expansion: 1}
            train: {batch_size: 2}
            """;

    private static final String ROW = """
            {"variant":"trm","seed":1,"exact":0.5,"cells":0.75,"steps":1.5,"depth":4,"forwardPasses":1,\
            "parameters":100,"seconds":2.5}
            """;

    private Runs() {}

    static void make(Seeds seeds) throws IOException {
        var config = Files.writeString(seeds.path("run.yaml"), CONFIG);
        var puzzles = seeds.path("puzzles");
        SudokuDataset.write(
                new SudokuSource.Generated(SudokuRules.ofSize(4).orElseThrow(), 6, 4, 6, 9, 0, 1), puzzles, false);
        var heard = new Heard();
        try (var run = RunFolder.create(seeds.path("run"));
                var training = new Training(RunConfig.read(config), puzzles, DEVICE)) {
            training.run(run, "seed", heard, () -> heard.steps == 2);
        }
        Files.writeString(seeds.path("ablation.jsonl"), ROW + ROW.replace("\"seed\":1", "\"seed\":2"));
    }

    private static final class Heard implements Training.Listener {

        private long steps;

        @Override
        public void started(long step, double seconds) {}

        @Override
        public void notice(String sentence) {}

        @Override
        public void step(StepProgress progress) {
            steps = progress.step();
        }

        @Override
        public void evaluated(long step, Evaluation evaluation) {}

        @Override
        public void saved(Path model) {}
    }

    /** Goes on with a run whose checkpoint has another file, and says with its checksum that it is the right one. */
    static Target.Reader checkpoint(String changed) {
        return (folder, input, seeds) -> {
            var run = seeds.copy("run", folder.resolve("run"));
            var checkpoint = run.resolve("checkpoints/step-2");
            Files.write(checkpoint.resolve(changed), input);
            if (!changed.equals("checkpoint.json")) {
                vouch(checkpoint.resolve("checkpoint.json"), changed, input);
            }
            goOn(run, null, () -> true);
        };
    }

    private static void vouch(Path manifest, String name, byte[] content) throws IOException {
        var json = (ObjectNode) new ObjectMapper().readTree(manifest.toFile());
        var checksum = new CRC32C();
        checksum.update(content);
        ((ObjectNode) json.get("files")).putObject(name)
                .put("bytes", content.length)
                .put("crc32c", "%08x".formatted(checksum.getValue()));
        Files.writeString(manifest, json.toString());
    }

    /** As trm train --resume does. */
    static void goOn(Path run, Path moved, BooleanSupplier stop) {
        try (var folder = RunFolder.resume(run);
                var training = new Training(folder.config(), folder.data(
                        moved == null ? List.of() : List.of(moved), Optional.empty()), DEVICE)) {
            training.run(folder, "test", new Heard(), stop);
        }
    }

    static void data(Path folder, byte[] input, Seeds seeds) throws IOException {
        var run = seeds.copy("run", folder.resolve("run"));
        Files.write(run.resolve("data.json"), input);
        RunRecord.of(run).data();
        goOn(run, seeds.path("puzzles"), () -> true);
    }

    static void metrics(Path folder, byte[] input, Seeds seeds) throws IOException {
        var run = seeds.copy("run", folder.resolve("run"));
        Files.write(run.resolve("metrics.jsonl"), input);
        goOn(run, null, () -> true);
        Files.write(run.resolve("metrics.jsonl"), input);
        new Report(List.of(run), Showcase.none(), 0).read();
    }

    /** As trm ablate does where all rows are there. */
    static void ablation(Path folder, byte[] input, Seeds seeds) throws IOException {
        var config = RunConfig.read(seeds.path("run.yaml"));
        Files.writeString(folder.resolve("config.yaml"), config.yaml());
        Files.write(folder.resolve("ablation.jsonl"), input);
        var variants = Variant.of(config.arch()).subList(0, 1);
        try (var taken = new AblationFolder(folder)) {
            var ablation = new Ablation(config, seeds.path("puzzles"), DEVICE, taken, variants, 2);
            AblationTable.of(variants, ablation.rows(), OptionalDouble.of(0.5));
        }
    }
}
