/**
 * Data sets of puzzles: what {@code dataset.json} says of them, reading them, drawing batches from them, and writing
 * them as a whole or not at all. What the puzzles are is the affair of the packages below, one for each kind.
 */
package trm4j.train.data;
