/**
 * The net as programs for a device: where its weights lie, what its blocks compute forward and back, and in what order
 * they run in a training step or in solving. Read {@link trm4j.model.net.TrainingPrograms} first, then {@code
 * Recursion} and the blocks {@code SelfAttention}, {@code TokenMixing} and {@code SwiGluMlp}.
 */
package trm4j.model.net;
