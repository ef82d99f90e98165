package trm4j.train;

import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.kernels.Device;
import trm4j.model.ConfigException;
import trm4j.model.Solver;
import trm4j.model.TrainConfig;
import trm4j.model.Trainer;
import trm4j.train.memory.MemoryNeed;

/**
 * The memory that a training run takes, worked out from its configuration before anything is allocated.
 *
 * @param config with the sizes of the puzzles set
 * @param evaluates whether there are test puzzles
 */
record MemoryPlan(Device device, RunConfig config, boolean evaluates) {

    private MemoryNeed need(TrainConfig train, int evalBatch) {
        var arch = config.arch();
        long training = Trainer.footprint(device, arch, train);
        long solving = evaluates ? Solver.footprint(device, arch, evalBatch) : 0;
        return MemoryNeed.of(device, arch, training + solving);
    }

    MemoryNeed need() {
        return need(config.train(), config.run().evalBatch());
    }

    private Optional<String> shortage(TrainConfig train, int evalBatch) {
        return MemoryNeed.shortage(() -> need(train, evalBatch));
    }

    private boolean fits(TrainConfig train, int evalBatch) {
        return shortage(train, evalBatch).isEmpty();
    }

    /**
     * Refuses a run that takes more than there is.
     *
     * @throws ConfigException that says how much, and which setting helps
     */
    void require() {
        var train = config.train();
        int evalBatch = config.run().evalBatch();
        var shortage = shortage(train, evalBatch);
        if (shortage.isEmpty()) {
            return;
        }
        if (fits(train, 1)) {
            int fitting = IntStream.iterate(evalBatch / 2, n -> n / 2)
                    .filter(n -> fits(train, n))
                    .findFirst()
                    .getAsInt();
            throw new ConfigException("run.eval_batch: training and " + evalBatch + " puzzles evaluated at a time "
                    + shortage.get() + "; set it to " + fitting + " or less.");
        }
        throw new ConfigException("train.micro_batch: " + train.puzzlesAtATime() + " puzzles at a time "
                + shortage.get() + "; " + remedy(train, evalBatch) + ".");
    }

    private String remedy(TrainConfig train, int evalBatch) {
        int batch = train.batchSize();
        var micro = IntStream.rangeClosed(1, TrainConfig.MOST_MICRO_BATCHES)
                .filter(micros -> batch % micros == 0)
                .map(micros -> batch / micros)
                .filter(n -> fits(train.withMicroBatch(n), evalBatch))
                .findFirst();
        if (micro.isPresent()) {
            boolean recomputing = fits(train.withRecompute(TrainConfig.Recompute.ALL), evalBatch);
            return "set it to " + micro.getAsInt() + " or less" + (recomputing ? ", or train.recompute to all" : "");
        }
        return "no smaller one would fit, so choose a smaller batch_size, eval_batch or model";
    }
}
