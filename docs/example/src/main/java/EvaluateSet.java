import java.nio.file.Path;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.eval.Evaluator;
import trm4j.train.run.Training;
import trm4j.train.table.FittedModel;

/** Solves a data set's test puzzles, 64 at a time: {@code EvaluateSet RUN_OR_CHECKPOINT DATA DEVICE}. */
public final class EvaluateSet {

    private EvaluateSet() {}

    public static void main(String[] args) {
        var file = Training.checkpoint(Path.of(args[0]));
        try (var dataset = PuzzleDataset.open(Path.of(args[1]), Split.TEST)) {
            var fitted = FittedModel.of(Checkpoint.load(file), file, dataset);
            fitted.remark().ifPresent(System.out::println);
            evaluate(fitted.model(), dataset, args[2]);
        }
    }

    private static void evaluate(Checkpoint model, PuzzleDataset dataset, String device) {
        var config = model.config();
        try (var solver = new Solver(
                Devices.named(device), config, model.train().loss(), 64, model.tensors())) {
            for (boolean halting : new boolean[] {false, true}) {
                var evaluation = new Evaluator(dataset, config.haltMaxSteps(), halting).sample(solver, 0);
                System.out.println(evaluation.line());
            }
        }
    }
}
