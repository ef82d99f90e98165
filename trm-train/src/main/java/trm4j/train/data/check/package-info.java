/**
 * What is true of a data set before anything is trained on it: test puzzles among the training puzzles, examples that
 * repeat, answers that are none. {@link trm4j.train.data.check.DatasetCheck} looks at all of it.
 */
package trm4j.train.data.check;
