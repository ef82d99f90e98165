package trm4j.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Oclgrind wrote about kernels that were written to fail, between what a simulation says. */
class SimulationLogTest {

    @Test
    void findsNothingInWhatASimulationSays() {
        assertEquals(List.of(), SimulationLog.findings(List.of(
                "WARNING: Using incubator modules: jdk.incubator.vector", "simulation: 132 units, Filled[n=1]")));
    }

    @Test
    void namesWhatWasRunAndTheKernelOnce() {
        var log = """
                simulation: 1 units, Filled[n=1]
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
                """;
        assertEquals(
                List.of(
                        "Read-write data race at local memory, kernel sums, in 132 units, Sums[batch=1].",
                        "Invalid read of size 4 at global memory, kernel sums, in 132 units, Sums[batch=1].",
                        "Work-group divergence detected (barrier), kernel sums, in 132 units, Sums[batch=1].",
                        "Uninitialized value read from local memory, kernel sums, in 132 units, Sums[batch=1].",
                        "Controlflow depends on uninitialized value, kernel sums, in 132 units, Sums[batch=1]."),
                SimulationLog.findings(log.lines().toList()));
    }
}
