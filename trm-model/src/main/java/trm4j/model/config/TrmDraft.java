package trm4j.model.config;

/** An architecture while it is changed; the fields are the components of {@link TrmConfig}. */
public final class TrmDraft {

    public int seqLen;
    public int vocabSize;
    public int numPuzzleIdentifiers;
    public int puzzleEmbNdim;
    public int puzzleEmbLen;
    public int hCycles;
    public int lCycles;
    public int hLayers;
    public int lLayers;
    public int hiddenSize;
    public double expansion;
    public int numHeads;
    public TrmConfig.Positions posEncodings;
    public double rmsNormEps;
    public double ropeTheta;
    public int haltMaxSteps;
    public double haltExplorationProb;
    public TrmConfig.Dtype forwardDtype;
    public boolean mlpT;
    public boolean noActContinue;
    public boolean separateNets;
    public double damping;

    TrmDraft(TrmConfig from) {
        seqLen = from.seqLen();
        vocabSize = from.vocabSize();
        numPuzzleIdentifiers = from.numPuzzleIdentifiers();
        puzzleEmbNdim = from.puzzleEmbNdim();
        puzzleEmbLen = from.puzzleEmbLen();
        hCycles = from.hCycles();
        lCycles = from.lCycles();
        hLayers = from.hLayers();
        lLayers = from.lLayers();
        hiddenSize = from.hiddenSize();
        expansion = from.expansion();
        numHeads = from.numHeads();
        posEncodings = from.posEncodings();
        rmsNormEps = from.rmsNormEps();
        ropeTheta = from.ropeTheta();
        haltMaxSteps = from.haltMaxSteps();
        haltExplorationProb = from.haltExplorationProb();
        forwardDtype = from.forwardDtype();
        mlpT = from.mlpT();
        noActContinue = from.noActContinue();
        separateNets = from.separateNets();
        damping = from.damping();
    }

    /** Returns what it has come to. */
    TrmConfig build() {
        return new TrmConfig(
                seqLen, vocabSize, numPuzzleIdentifiers, puzzleEmbNdim, puzzleEmbLen, hCycles, lCycles, hLayers,
                lLayers, hiddenSize, expansion, numHeads, posEncodings, rmsNormEps, ropeTheta, haltMaxSteps,
                haltExplorationProb, forwardDtype, mlpT, noActContinue, separateNets, damping);
    }
}
