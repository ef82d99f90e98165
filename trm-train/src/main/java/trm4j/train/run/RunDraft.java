package trm4j.train.run;

/** How long to train, while that is changed; the fields are the components of {@link RunConfig.Run}. */
public final class RunDraft {

    public long steps;
    public long epochs;
    public long evalInterval;
    public long evalEpochs;
    public long minEvalInterval;
    public int evalBatch;
    public int evalPuzzles;
    public long checkpointInterval;
    public double checkpointMinutes;
    public int keepCheckpoints;
    public long seed;
    public String init;

    RunDraft(RunConfig.Run from) {
        steps = from.steps();
        epochs = from.epochs();
        evalInterval = from.evalInterval();
        evalEpochs = from.evalEpochs();
        minEvalInterval = from.minEvalInterval();
        evalBatch = from.evalBatch();
        evalPuzzles = from.evalPuzzles();
        checkpointInterval = from.checkpointInterval();
        checkpointMinutes = from.checkpointMinutes();
        keepCheckpoints = from.keepCheckpoints();
        seed = from.seed();
        init = from.init();
    }

    /** Returns what it has come to. */
    RunConfig.Run build() {
        return new RunConfig.Run(
                steps, epochs, evalInterval, evalEpochs, minEvalInterval, evalBatch, evalPuzzles, checkpointInterval,
                checkpointMinutes, keepCheckpoints, seed, init);
    }
}
