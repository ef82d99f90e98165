/**
 * Operations: what is read, what is written, and by what formula. Each is a record that describes itself and knows no
 * device; each device has a kernel for it.
 */
package trm4j.kernels.op;
