package trm4j.train.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import trm4j.model.Checkpoint;
import trm4j.model.Parameters;
import trm4j.train.RunConfig;
import trm4j.train.data.ArcDataset;
import trm4j.train.data.ArcSource;
import trm4j.train.data.CsvFiles;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.MazeDataset;
import trm4j.train.data.MazeSource;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.SudokuDataset;
import trm4j.train.data.SudokuSource;
import trm4j.train.eval.EvaluationRun;
import trm4j.train.eval.EvaluationSettings;
import trm4j.train.torch.TorchImport;

/** Files that may come from elsewhere, and how they are read, as the commands do it. */
enum Target {
    NPY {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("sudoku/test/all__inputs.npy"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            readDataset(seeds.copy("sudoku", folder.resolve("data")), "test/all__inputs.npy", input);
        }
    },
    INDICES {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("arc/test/all__puzzle_indices.npy"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            readDataset(seeds.copy("arc", folder.resolve("data")), "test/all__puzzle_indices.npy", input);
        }
    },
    DATASET_JSON {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("sudoku/test/dataset.json"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            readDataset(seeds.copy("sudoku", folder.resolve("data")), "test/dataset.json", input);
        }
    },
    IDENTIFIERS {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("arc/identifiers.json"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            readDataset(seeds.copy("arc", folder.resolve("data")), "identifiers.json", input);
        }
    },
    /** A data set's folder as a whole: several files in one input. */
    DATASET {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.packed("sudoku"), seeds.packed("arc"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            readDataset(Seeds.unpack(input, folder.resolve("data")));
        }
    },
    TEST_PUZZLES {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("arc/test_puzzles.json"), seeds.file("task.json"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            Files.write(folder.resolve("test_puzzles.json"), input);
            ArcDataset.testTasks(folder);
        }
    },
    ARC_TASKS {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("x_challenges.json"), seeds.file("task.json"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var file = Files.write(folder.resolve("y_challenges.json"), input);
            ArcDataset.write(new ArcSource(List.of(file), List.of(), 2, 0), folder.resolve("data"), false);
        }
    },
    ARC_SOLUTIONS {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("x_solutions.json"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var tasks = Files.write(folder.resolve("x_challenges.json"), seeds.file("x_challenges.json"));
            Files.write(folder.resolve("x_solutions.json"), input);
            ArcDataset.write(new ArcSource(List.of(), List.of(tasks), 2, 0), folder.resolve("data"), false);
        }
    },
    SUDOKU_CSV {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("sudoku.csv"), seeds.file("sudoku9.csv"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var csv = new CsvFiles(
                    Files.write(folder.resolve("x.csv"), input), Split.TRAIN, OptionalInt.of(3), 0);
            SudokuDataset.write(new SudokuSource.Csv(csv, 1, 0), folder.resolve("data"), false);
        }
    },
    MAZE_CSV {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("maze.csv"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var csv = CsvFiles.test(Files.write(folder.resolve("x.csv"), input));
            MazeDataset.write(new MazeSource.Csv(csv, false, 0), folder.resolve("data"), false);
        }
    },
    CONFIG {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("config.yaml"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var config = RunConfig.read(Files.write(folder.resolve("config.yaml"), input));
            config.puzzles().source(config.run().seed());
        }
    },
    AUTHORS_CONFIG {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("all_config.yaml"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var config = Files.write(folder.resolve("all_config.yaml"), input);
            var weights = Files.write(folder.resolve("x.pt"), seeds.file("bare.pt"));
            importTorch(weights, Optional.of(config));
        }
    },
    SAFETENSORS {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("model.safetensors"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            var model = Checkpoint.load(Files.write(folder.resolve("x.safetensors"), input));
            new Parameters(model.config()).shapes();
        }
    },
    TORCH {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("model.pt"), seeds.file("bare.pt"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            importTorch(Files.write(folder.resolve("step_7"), input), Optional.empty());
        }
    },
    /** The pickle in an archive that is otherwise right, so that checksums do not keep it from being looked at. */
    PICKLE {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.pickle());
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            importTorch(seeds.archive(input, folder.resolve("x.pt")), Optional.empty());
        }
    },
    SETTINGS {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("eval/settings.json"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            resume(seeds, folder, "settings.json", input);
        }
    },
    PREDICTIONS {
        @Override
        List<byte[]> seeds(Seeds seeds) throws IOException {
            return List.of(seeds.file("eval/predictions.jsonl"));
        }

        @Override
        void read(Path folder, byte[] input, Seeds seeds) throws IOException {
            resume(seeds, folder, "predictions.jsonl", input);
        }
    };

    private static final int EXAMPLES = 64;

    /** Files that are as they should be. */
    abstract List<byte[]> seeds(Seeds seeds) throws IOException;

    /**
     * Reads an input.
     *
     * @param folder an empty one, for all that is read and written
     */
    abstract void read(Path folder, byte[] input, Seeds seeds) throws IOException;

    /** As it is called on the command line. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void readDataset(Path dir, String changed, byte[] input) throws IOException {
        Files.write(dir.resolve(changed), input);
        readDataset(dir);
    }

    private static void readDataset(Path dir) {
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

    private static void importTorch(Path file, Optional<Path> config) {
        try (var found = new TorchImport(file, config, Optional.empty())) {
            found.checkpoint();
        }
    }

    private static void resume(Seeds seeds, Path folder, String changed, byte[] input) throws IOException {
        var eval = seeds.copy("eval", folder.resolve("eval"));
        Files.write(eval.resolve(changed), input);
        try (var dataset = PuzzleDataset.open(seeds.path("arc"), Split.TEST);
                var run = new EvaluationRun(eval, settings(seeds), dataset, true)) {
            run.resumed();
        }
    }

    /** Of the evaluation that is resumed. */
    static EvaluationSettings settings(Seeds seeds) {
        return new EvaluationSettings(
                seeds.path("model.safetensors"), seeds.path("arc"), Split.TEST, 3, false, 0);
    }
}
