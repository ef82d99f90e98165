package trm4j.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in the place of the simulation: of eight things, the fourth ends its process, the fifth is wrong. */
class SimulationCheckTest {

    private static final String SIMULATION = """
            shift
            if [ $# = 0 ]; then
              for i in 0 1 2 3 4 5 6; do printf 'simulation has: piece %s\\ttiles [8, %s]\\tnext []\\n' $i $((i % 3)); done
              printf 'simulation has: alone\\tfill []\\n'
            fi
            for i; do
              echo "simulation: $([ $i = 7 ] && echo alone || echo piece $i)" >&2
              [ $i != 3 ] || exit 1
              [ $i != 4 ] || printf 'Invalid read of size 4 at global memory address 0x20\\n\\tKernel: tiles\\n' >&2
              echo "simulation took: 500" >&2
            done
            """;

    @TempDir
    private Path dir;

    @Test
    void runsAllThatIsLeftWhereAProcessEnds() throws Exception {
        var check = check(SIMULATION);
        assertEquals(
                List.of(
                        "Of each kernel: how many different ones there are, by what is compiled in, and what ran them.",
                        "",
                        "| kernel | different | simulated in |",
                        "|---|---|---|",
                        "| fill | 1 | 1 |",
                        "| next | 1 | 7 |",
                        "| tiles | 3 | 7 |",
                        "",
                        "8 things ran, 4 s of a processor."),
                check.table());
        assertEquals(
                List.of(
                        "Invalid read of size 4 at global memory, kernel tiles, in piece 4.",
                        "The simulation ended, or its time was over, in piece 3."),
                check.failures().stream().sorted().toList());
    }

    @Test
    void aSimulationThatDoesNotStartFails() throws Exception {
        var check = check("echo no such device >&2");
        check.table();
        assertEquals(List.of("The simulation does not start: no such device"), check.failures());
    }

    /** Of two processes, one says why it ends before it comes to anything. */
    @Test
    void whereOneProcessDoesNotStartTheOthersRun() throws Exception {
        var check = check(SIMULATION.replace("for i; do", """
                if [ "$1" = 0 ]; then
                  printf 'no room\\n\\tat Some.method\\n\\t... 4 more\\n' >&2
                  exit 1
                fi
                for i; do"""));
        assertEquals("4 things ran, 2 s of a processor.", check.table().getLast());
        assertTrue(check.failures().contains("A simulation cannot be run: no room"), check.failures()::toString);
    }

    private SimulationCheck check(String script) throws Exception {
        return new SimulationCheck(dir, "all", List.of("bash", "-c", script, "-"));
    }
}
