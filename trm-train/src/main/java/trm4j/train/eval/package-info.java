/**
 * Evaluation: a model solves the puzzles of a data set, and what becomes of each is added up to an {@link
 * trm4j.train.eval.Evaluation}. {@link trm4j.train.eval.Evaluator} does it in memory, {@link
 * trm4j.train.eval.EvaluationRun} in a folder, where it can go on after an interruption.
 */
package trm4j.train.eval;
