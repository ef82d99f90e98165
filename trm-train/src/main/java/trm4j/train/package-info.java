/**
 * The errors of training and of all that belongs to it: data sets, runs and evaluations. Each tells its user in a
 * sentence what was expected, what was found and what to do.
 */
package trm4j.train;
