package trm4j.train.data.arc;

import trm4j.train.data.Grid;

/**
 * A grid and what it is to become.
 *
 * @param input cells of colours 0 to 9, at most 30 x 30 of them
 * @param output likewise, or null if it is not known
 */
public record ArcPair(Grid input, Grid output) {}
