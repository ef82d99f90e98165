package trm4j.model.config;

/** A training while it is changed; the fields are the components of {@link TrainConfig}. */
public final class TrainDraft {

    public int batchSize;
    public int microBatch;
    public TrainConfig.Recompute recompute;
    public double lr;
    public double puzzleEmbLr;
    public double weightDecay;
    public double puzzleEmbWeightDecay;
    public double beta1;
    public double beta2;
    public double emaRate;
    public int lrWarmupSteps;
    public double lrMinRatio;
    public TrainConfig.Loss loss;
    public TrainConfig.Backpropagation backpropagation;
    public TrainConfig.Freeze freeze;
    public double labelSmoothing;
    public double supervisionDecay;
    public DepthSchedule depthSchedule;
    public double startStd;
    public double noise;

    TrainDraft(TrainConfig from) {
        batchSize = from.batchSize();
        microBatch = from.microBatch();
        recompute = from.recompute();
        lr = from.lr();
        puzzleEmbLr = from.puzzleEmbLr();
        weightDecay = from.weightDecay();
        puzzleEmbWeightDecay = from.puzzleEmbWeightDecay();
        beta1 = from.beta1();
        beta2 = from.beta2();
        emaRate = from.emaRate();
        lrWarmupSteps = from.lrWarmupSteps();
        lrMinRatio = from.lrMinRatio();
        loss = from.loss();
        backpropagation = from.backpropagation();
        freeze = from.freeze();
        labelSmoothing = from.labelSmoothing();
        supervisionDecay = from.supervisionDecay();
        depthSchedule = from.depthSchedule();
        startStd = from.startStd();
        noise = from.noise();
    }

    /** Returns what it has come to. */
    TrainConfig build() {
        return new TrainConfig(
                batchSize, microBatch, recompute, lr, puzzleEmbLr, weightDecay, puzzleEmbWeightDecay, beta1, beta2,
                emaRate, lrWarmupSteps, lrMinRatio, loss, backpropagation, freeze, labelSmoothing, supervisionDecay,
                depthSchedule, startStd, noise);
    }
}
