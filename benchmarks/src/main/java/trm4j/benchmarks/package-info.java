/**
 * The cpu device's operations timed beside OpenBLAS and PyTorch, with JMH. Nobody depends on it; {@code
 * scripts/bench-jmh} runs it.
 */
package trm4j.benchmarks;
