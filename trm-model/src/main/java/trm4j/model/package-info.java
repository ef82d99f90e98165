/**
 * A Tiny Recursive Model (TRM): trained step by step by a {@link trm4j.model.Trainer}, kept in a {@link
 * trm4j.model.Checkpoint}, and put to puzzles by {@link trm4j.model.Trm}. What a step computes is put together in
 * {@link trm4j.model.net}; here are the host's part of it and what a program that uses a model needs.
 */
package trm4j.model;
