package trm4j.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What was done, so that JMH shows it by the second. JMH wants public fields, and states of their own kind. */
public final class Work {

    private Work() {}

    /** Of benchmarks whose time goes into arithmetic. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Arithmetic {
        /** 10^9 multiplications and additions. */
        public double gflop;
    }

    /** Of benchmarks whose time goes into memory. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Traffic {
        /** 10^9 bytes, each input read once and each output written once. */
        public double gigabyte;
    }
}
