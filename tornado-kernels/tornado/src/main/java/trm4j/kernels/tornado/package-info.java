/**
 * The devices that TornadoVM compiles for, {@code tornado}, {@code opencl} and others. A {@code KernelSet} turns
 * operations into launches of kernels, which are Java methods that TornadoVM compiles, and all buffers stay on the
 * device in two arrays.
 */
package trm4j.kernels.tornado;
