/**
 * Training runs that can be stopped and gone on with: {@link trm4j.train.run.RunConfig} says what to train, {@link
 * trm4j.train.run.Training} does it, and a {@link trm4j.train.run.RunFolder} keeps what comes of it. Checkpoints are
 * written so that a crash at any moment leaves the last one whole.
 */
package trm4j.train.run;
