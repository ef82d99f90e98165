package trm4j.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What all benchmarks have in common: one computation, and for how long it runs, each case in a JVM of its own. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class OperationBenchmark {

    Computation computation;

    /**
     * By a library; by another than ours, once it was found to compute what ours does. The parameter is called
     * {@code with} in all benchmarks: JMH takes parameters by the alphabet, and so times the libraries in turn.
     */
    void prepare(Library library, Function<Library, Computation> by) {
        computation = by.apply(library);
        if (library != Library.TRM4J) {
            try (var ours = by.apply(Library.TRM4J)) {
                Agreement.require(library + ", compared with " + Library.TRM4J, ours, computation);
            }
        }
    }

    @TearDown
    public void close() {
        computation.close();
    }
}
