package trm4j.cli;

/** A command that several processes, started by mpirun, do together; others are refused then. */
interface InRanks {}
