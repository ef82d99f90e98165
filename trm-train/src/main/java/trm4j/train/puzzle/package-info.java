/**
 * Families of puzzles: how to write puzzles for people and programs, how to read them, what their rules say of an
 * answer, and what is the same but for a symmetry. Which ones there are, the class path says.
 */
package trm4j.train.puzzle;
