/**
 * The cpu device: a kernel for each operation, with the Vector API, on all cores of the processor. Nothing here is
 * used by name: {@link trm4j.kernels.device.Devices} finds it.
 */
package trm4j.kernels.cpu;
