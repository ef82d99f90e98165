import java.nio.file.Path;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.eval.Evaluator;
import trm4j.train.run.Training;

/** Solves a data set's test puzzles, 64 at a time: {@code EvaluateSet RUN_OR_CHECKPOINT DATA DEVICE}. */
public final class EvaluateSet {

    private EvaluateSet() {}

    public static void main(String[] args) {
        var model = Checkpoint.load(Training.checkpoint(Path.of(args[0])));
        var config = model.config();
        try (var dataset = PuzzleDataset.open(Path.of(args[1]), Split.TEST);
                var solver = new Solver(
                        Devices.named(args[2]), config, model.train().loss(), 64, model.tensors())) {
            Evaluator.requireFit(config, dataset, args[1]);
            for (boolean halting : new boolean[] {false, true}) {
                var evaluation = new Evaluator(dataset, config.haltMaxSteps(), halting).sample(solver, 0);
                System.out.println(evaluation.line());
            }
        }
    }
}
