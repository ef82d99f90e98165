package trm4j.train.eval;

import java.util.SortedMap;

/**
 * How well votes over the augmented copies of ARC tasks find the outputs, as the authors count it.
 *
 * @param tasks those with predictions, and with outputs to compare them with
 * @param passAt for a number of tries, the share of a task's tests for which an output that got as many votes is
 *     right, from 0 to 1, averaged over tasks
 */
public record ArcScore(int tasks, SortedMap<Integer, Double> passAt) {}
