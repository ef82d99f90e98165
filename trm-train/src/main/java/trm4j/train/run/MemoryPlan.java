package trm4j.train.run;

import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.model.SolvingPlan;
import trm4j.model.TrainingPlan;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrainConfig;
import trm4j.model.ranks.Ranks;
import trm4j.train.Plural;
import trm4j.train.memory.MemoryNeed;

/**
 * Works out the memory that a training run takes from its configuration, before anything is allocated.
 *
 * @param config with the sizes of the puzzles set
 * @param tested test puzzles, at most; 0 for none
 * @param ranks that train together; this is what one of them takes
 */
record MemoryPlan(Device device, RunConfig config, int tested, Ranks ranks) {

    /** What a run takes that one process trains. */
    MemoryPlan(Device device, RunConfig config, int tested) {
        this(device, config, tested, Ranks.ALONE);
    }

    /**
     * What a run computes, planned once: to know what it takes, and to open it.
     *
     * @param evaluation of test puzzles, if there are any
     */
    record Plans(TrainingPlan training, Optional<SolvingPlan> evaluation, MemoryNeed need) {}

    private Plans plans() {
        var training = new TrainingPlan(device, config.arch(), config.train(), ranks);
        var evaluation = evaluation(config.train(), config.run().evalBatch());
        long bytes = training.bytes() + evaluation.map(SolvingPlan::bytes).orElse(0L);
        return new Plans(training, evaluation, need(bytes));
    }

    /** Plans no more slots than there are puzzles. */
    private Optional<SolvingPlan> evaluation(TrainConfig train, int evalBatch) {
        return tested == 0
                ? Optional.empty()
                : Optional.of(new SolvingPlan(device, config.arch(), train.loss(), Math.min(evalBatch, tested)));
    }

    /** Tells whether a run with other settings would fit. */
    private boolean fits(TrainConfig train, int evalBatch) {
        return MemoryNeed.shortage(() -> need(train, evalBatch)).isEmpty();
    }

    private MemoryNeed need(TrainConfig train, int evalBatch) {
        long training = TrainingPlan.bytes(device, config.arch(), train, ranks);
        return need(training + evaluation(train, evalBatch).map(SolvingPlan::bytes).orElse(0L));
    }

    private MemoryNeed need(long buffers) {
        return MemoryNeed.of(device, config.arch(), buffers).among(ranks.localSize());
    }

    /**
     * Plans a run, and refuses it if it takes more than there is.
     *
     * @throws ConfigException that says how much, and which setting helps
     */
    Plans require() {
        try {
            var plans = plans();
            var shortage = plans.need.shortage();
            if (shortage.isPresent()) {
                throw refusal(shortage.get());
            }
            return plans;
        } catch (DeviceException e) {
            throw refusal(MemoryNeed.unheld(e));
        }
    }

    private ConfigException refusal(String shortage) {
        var train = config.train();
        int evalBatch = config.run().evalBatch();
        if (fits(train, 1)) {
            int fitting = IntStream.iterate(evalBatch / 2, n -> n / 2)
                    .filter(n -> fits(train, n))
                    .findFirst()
                    .getAsInt();
            return new ConfigException("run.eval_batch: training and " + Plural.count(evalBatch, "puzzle")
                    + " evaluated at a time " + shortage + "; set it to " + fitting + " or less.");
        }
        return new ConfigException("train.micro_batch: " + Plural.count(train.puzzlesAtATime(), "puzzle")
                + " at a time " + shortage + "; " + remedy(train, evalBatch) + ".");
    }

    private String remedy(TrainConfig train, int evalBatch) {
        int batch = train.batchSize();
        var micro = IntStream.rangeClosed(ranks.size(), TrainConfig.MOST_MICRO_BATCHES)
                .filter(micros -> batch % micros == 0)
                .map(micros -> batch / micros)
                .filter(n -> fits(train.with(draft -> draft.microBatch = n), evalBatch))
                .findFirst();
        if (micro.isPresent()) {
            boolean recomputing = fits(
                    train.with(draft -> draft.recompute = TrainConfig.Recompute.ALL), evalBatch);
            return "set it to " + micro.getAsInt() + " or less" + (recomputing ? ", or train.recompute to all" : "");
        }
        return "no smaller one would fit, so choose a smaller batch_size, eval_batch or model";
    }
}
