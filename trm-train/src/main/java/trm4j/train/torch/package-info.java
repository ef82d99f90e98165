/**
 * Weights of the authors' PyTorch code made into a checkpoint of ours. They do not say all of their architecture, so
 * what is missing is put together from shapes, configurations and data sets.
 */
package trm4j.train.torch;
