/**
 * NVIDIA's library of matrix products, cuBLAS, in place of kernels on TornadoVM's CUDA devices. It is called through
 * {@code java.lang.foreign}, found at run time, and absent elsewhere.
 */
package trm4j.kernels.nvidia;
