/**
 * What every device must do: a test to extend, and cases of all operations with the numbers that must come out. Beside
 * them, devices and executions that stand in for others in tests.
 */
package trm4j.kernels.contract;
