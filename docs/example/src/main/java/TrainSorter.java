import java.nio.file.Path;
import trm4j.kernels.device.Devices;
import trm4j.model.config.TrmConfig;
import trm4j.train.eval.Evaluation;
import trm4j.train.metrics.StepProgress;
import trm4j.train.run.RunConfig;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;

/** Trains a model on {@link SortNumbers}' puzzles: {@code TrainSorter DATA RUN STEPS}. */
public final class TrainSorter {

    private TrainSorter() {}

    public static void main(String[] args) {
        var config = config(Long.parseLong(args[2]));
        try (var folder = RunFolder.create(Path.of(args[1]));
                var training = new Training(config, Path.of(args[0]), Devices.named("cpu"))) {
            training.run(folder, "sorter 1.0", new Printing(), () -> false);
        }
        System.out.println(Training.checkpoint(Path.of(args[1])));
    }

    private static RunConfig config(long steps) {
        var paper = RunConfig.PAPER;
        return paper
                .with(paper.run().with(run -> {
                    run.steps = steps;
                    run.evalInterval = 100;
                }))
                .with(paper.arch().with(arch -> {
                    arch.mlpT = false;
                    arch.posEncodings = TrmConfig.Positions.ROPE;
                    arch.numHeads = 4;
                    arch.hiddenSize = 64;
                    arch.hCycles = 1;
                    arch.lCycles = 2;
                    arch.haltMaxSteps = 4;
                    arch.haltExplorationProb = 0.5;
                    arch.puzzleEmbNdim = 0;
                    arch.puzzleEmbLen = 0;
                }))
                .with(paper.train().with(train -> {
                    train.batchSize = 64;
                    train.lr = 2e-3;
                    train.weightDecay = 0.1;
                    train.lrWarmupSteps = 50;
                    train.emaRate = 0.98;
                }));
    }

    private static final class Printing implements Training.Listener {

        @Override
        public void step(StepProgress progress) {
            if (progress.step() % 50 == 0 || progress.step() == progress.totalSteps()) {
                System.out.printf("step %d: loss %.3f%n", progress.step(), progress.loss());
            }
        }

        @Override
        public void evaluated(long step, Evaluation evaluation) {
            System.out.println("step " + step + ": " + evaluation.line());
        }
    }
}
