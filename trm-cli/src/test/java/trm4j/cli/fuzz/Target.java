package trm4j.cli.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import trm4j.model.Checkpoint;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcDataset;
import trm4j.train.data.arc.ArcSource;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.maze.MazeDataset;
import trm4j.train.data.maze.MazeImages;
import trm4j.train.data.maze.MazeSource;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;
import trm4j.train.eval.EvaluationRun;
import trm4j.train.eval.EvaluationSettings;
import trm4j.train.run.RunConfig;
import trm4j.train.torch.TorchImport;

/** Files that may come from elsewhere, and how they are read, as the commands do it. */
enum Target {
    NPY(dataset("sudoku", "test/all__inputs.npy"), "sudoku/test/all__inputs.npy"),
    INDICES(dataset("arc", "test/all__puzzle_indices.npy"), "arc/test/all__puzzle_indices.npy"),
    DATASET_JSON(dataset("sudoku", "test/dataset.json"), "sudoku/test/dataset.json"),
    IDENTIFIERS(dataset("arc", "identifiers.json"), "arc/identifiers.json"),
    /** A data set's folder as a whole: several files in one input. */
    DATASET((folder, input, seeds) -> open(Seeds.unpack(input, folder.resolve("data"))), "sudoku.packed", "arc.packed"),
    TEST_PUZZLES(
            (folder, input, seeds) -> {
                Files.write(folder.resolve("test_puzzles.json"), input);
                ArcDataset.testTasks(folder);
            },
            "arc/test_puzzles.json", "task.json"),
    ARC_TASKS(
            (folder, input, seeds) -> {
                var file = Files.write(folder.resolve("y_challenges.json"), input);
                ArcDataset.write(new ArcSource(List.of(file), List.of(), 2, 0), folder.resolve("data"), false);
            },
            "x_challenges.json", "task.json"),
    ARC_SOLUTIONS(
            (folder, input, seeds) -> {
                var tasks = Files.write(folder.resolve("x_challenges.json"), seeds.file("x_challenges.json"));
                Files.write(folder.resolve("x_solutions.json"), input);
                ArcDataset.write(new ArcSource(List.of(), List.of(tasks), 2, 0), folder.resolve("data"), false);
            },
            "x_solutions.json"),
    SUDOKU_CSV(
            (folder, input, seeds) -> {
                var csv = new CsvFiles(
                        Files.write(folder.resolve("x.csv"), input), Split.TRAIN, OptionalInt.of(3), 0);
                SudokuDataset.write(new SudokuSource.Csv(csv, 1, 0), folder.resolve("data"), false);
            },
            "sudoku.csv", "sudoku9.csv"),
    MAZE_CSV(
            (folder, input, seeds) -> {
                var csv = CsvFiles.test(Files.write(folder.resolve("x.csv"), input));
                MazeDataset.write(new MazeSource.Csv(csv, MazeImages.NONE, 0), folder.resolve("data"), false);
            },
            "maze.csv"),
    CONFIG(
            (folder, input, seeds) -> {
                var config = RunConfig.read(Files.write(folder.resolve("config.yaml"), input));
                if (config.puzzles().size() != 0) {
                    config.puzzles().info();
                }
            },
            "config.yaml"),
    /** What follows {@code --set}. */
    CHANGE((folder, input, seeds) -> RunConfig.PAPER.with(List.of(text(input))), "change.txt"),
    /** What {@code trm solve} is to solve. */
    PUZZLE((folder, input, seeds) -> SudokuRules.ofSize(4).orElseThrow().parse(text(input)), "puzzle.txt"),
    AUTHORS_CONFIG(
            (folder, input, seeds) -> {
                var config = Files.write(folder.resolve("all_config.yaml"), input);
                var weights = Files.write(folder.resolve("x.pt"), seeds.file("bare.pt"));
                importTorch(weights, Optional.of(config));
            },
            "all_config.yaml"),
    SAFETENSORS(
            (folder, input, seeds) -> {
                var model = Checkpoint.load(Files.write(folder.resolve("x.safetensors"), input));
                new Parameters(model.config()).shapes();
            },
            "model.safetensors"),
    TORCH(
            (folder, input, seeds) -> importTorch(Files.write(folder.resolve("step_7"), input), Optional.empty()),
            "model.pt", "bare.pt", "model.safetensors", "bare.safetensors"),
    /** The pickle in an archive that is otherwise right, so that checksums do not keep it from being looked at. */
    PICKLE(record("bare.pt", "data.pkl"), "data.pkl"),
    /** What trm export says of the model in an archive. */
    RECORDED_CONFIG(record("model.pt", "trm4j.json"), "trm4j.json"),
    SETTINGS(evaluation("settings.json"), "eval/settings.json"),
    PREDICTIONS(evaluation("predictions.jsonl"), "eval/predictions.jsonl"),
    /** A checkpoint's files, with checksums that are as they should be but for its own. */
    CHECKPOINT(Runs.checkpoint("checkpoint.json"), "run/checkpoints/step-2/checkpoint.json"),
    RUN_STATE(Runs.checkpoint("run.json"), "run/checkpoints/step-2/run.json"),
    TRAINING_STATE(Runs.checkpoint("training.safetensors"), "run/checkpoints/step-2/training.safetensors"),
    TRAINED_MODEL(Runs.checkpoint("model.safetensors"), "run/checkpoints/step-2/model.safetensors"),
    DATA_RECORD(Runs::data, "run/data.json"),
    METRICS(Runs::metrics, "run/metrics.jsonl"),
    ABLATION(Runs::ablation, "ablation.jsonl"),
    RECORDING(Recordings.read("recording", "config.json"), "recording/config.json"),
    RECORDED_STEP(Recordings.read("recording", "step-1.safetensors"), "recording/step-1.safetensors"),
    SEALED_STEP(Recordings.read("sealed", "before-1.safetensors"), "sealed/before-1.safetensors"),
    SPREAD(Recordings.read("sealed", "spread.json"), "sealed/spread.json");

    /** How a file is read. */
    @FunctionalInterface
    interface Reader {

        /**
         * Reads an input.
         *
         * @param folder an empty one, for all that is read and written
         */
        void read(Path folder, byte[] input, Seeds seeds) throws IOException;
    }

    private static final int EXAMPLES = 64;

    private final Reader reader;
    private final List<String> files;

    Target(Reader reader, String... files) {
        this.reader = reader;
        this.files = List.of(files);
    }

    /** Files that are as they should be. */
    List<byte[]> seeds(Seeds seeds) throws IOException {
        var bytes = new byte[files.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = seeds.file(files.get(i));
        }
        return Arrays.asList(bytes);
    }

    void read(Path folder, byte[] input, Seeds seeds) throws IOException {
        reader.read(folder, input, seeds);
    }

    /** As it is called on the command line. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static Reader dataset(String name, String changed) {
        return (folder, input, seeds) -> {
            var data = seeds.copy(name, folder.resolve("data"));
            Files.write(data.resolve(changed), input);
            open(data);
        };
    }

    private static void open(Path dir) {
        DatasetInfo.of(dir);
        for (var split : Split.values()) {
            if (Files.isDirectory(dir.resolve(split.toString()))) {
                try (var dataset = PuzzleDataset.open(dir, split)) {
                    for (int i = 0; i < Math.min(dataset.examples(), EXAMPLES); i++) {
                        dataset.example(i);
                    }
                }
            }
        }
        ArcDataset.testTasks(dir);
    }

    private static Reader record(String archive, String record) {
        return (folder, input, seeds) ->
                importTorch(seeds.archive(archive, record, input, folder.resolve("x.pt")), Optional.empty());
    }

    private static void importTorch(Path file, Optional<Path> config) {
        try (var found = new TorchImport(file, config, Optional.empty())) {
            found.checkpoint();
        }
    }

    private static Reader evaluation(String changed) {
        return (folder, input, seeds) -> {
            var eval = seeds.copy("eval", folder.resolve("eval"));
            Files.write(eval.resolve(changed), input);
            EvaluationSettings.of(eval);
            try (var dataset = PuzzleDataset.open(seeds.path("arc"), Split.TEST);
                    var run = new EvaluationRun(eval, settings(seeds), dataset, true)) {
                run.resumed();
            }
        };
    }

    /** Of the evaluation that is resumed. */
    static EvaluationSettings settings(Seeds seeds) {
        return new EvaluationSettings(
                seeds.path("model.safetensors"), seeds.path("arc"), Split.TEST, 3, false, 0, TrmConfig.Dtype.FLOAT32);
    }
}
