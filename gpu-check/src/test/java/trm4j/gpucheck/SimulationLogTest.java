package trm4j.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import trm4j.gpucheck.SimulationLog.Simulated;

/** What Oclgrind wrote about kernels that were written to fail, between what a simulation says. */
class SimulationLogTest {

    @Test
    void saysWhatRanAndHowLongItTook() {
        assertEquals(
                List.of(
                        new Simulated("132 units, Filled[n=1]", OptionalDouble.of(1.234), List.of()),
                        new Simulated("a step", OptionalDouble.empty(), List.of())),
                read("""
                        WARNING: Using incubator modules: jdk.incubator.vector
                        simulation: 132 units, Filled[n=1]
                        simulation took: 1234
                        simulation: a step
                        """));
    }

    @Test
    void namesWhatWasFoundAndTheKernelOnce() {
        var found = read("""
                simulation: 1 units, Filled[n=1]
                simulation took: 1000
                simulation: 132 units, Sums[batch=1]

                Read-write data race at local memory address 0x1000000000004
                	Kernel: sums

                	First entity:  Global(1,0,0) Local(1,0,0) Group(0,0,0)
                	  store float %8, float addrspace(1)* %9, align 4
                Read-write data race at local memory address 0x1000000000008
                	Kernel: sums
                Invalid read of size 4 at global memory address 0x2000000000010
                	Kernel: sums
                Work-group divergence detected (barrier):
                	Kernel: sums
                Uninitialized value read from local memory address 0x1000000000004
                	Kernel: sums
                Controlflow depends on uninitialized value
                	Kernel: sums
                simulation found: sums: expected 1, found 2
                """);
        assertEquals(List.of(), found.getFirst().findings());
        assertEquals(
                List.of(
                        "Read-write data race at local memory, kernel sums",
                        "Invalid read of size 4 at global memory, kernel sums",
                        "Work-group divergence detected (barrier), kernel sums",
                        "Uninitialized value read from local memory, kernel sums",
                        "Controlflow depends on uninitialized value, kernel sums",
                        "sums: expected 1, found 2"),
                found.getLast().findings());
    }

    @Test
    void keepsWhatWasFoundBeforeAnythingRan() {
        assertEquals(
                List.of(new Simulated("the start", OptionalDouble.empty(), List.of("OCLGRIND FATAL ERROR"))),
                read("OCLGRIND FATAL ERROR"));
    }

    private static List<Simulated> read(String log) {
        return SimulationLog.read(log.lines().toList());
    }
}
