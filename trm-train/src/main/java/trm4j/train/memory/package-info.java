/**
 * How much memory something is going to take, and whether there is that much. It is asked before anything is
 * allocated, since a system may kill a process that takes too much.
 */
package trm4j.train.memory;
