package trm4j.model;

/** What a model says of its own answer: a logit, of which it is to halt where it is above 0. */
public final class HaltLogit {

    private HaltLogit() {}

    /** Returns the probability, from 0 to 1, that an answer is right, by the model's halt logit. */
    public static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
