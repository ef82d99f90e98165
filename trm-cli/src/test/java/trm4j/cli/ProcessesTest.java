package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import trm4j.model.ranks.Invitation;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.RanksException;
import trm4j.model.ranks.ThreadRanks;

/** Processes, which are threads here. */
class ProcessesTest {

    /** What a thread is invited to. */
    private record Invited(Ranks join) implements Invitation {

        @Override
        public int rank() {
            return join.rank();
        }

        @Override
        public int size() {
            return join.size();
        }
    }

    @Test
    void sayHowManyTheyAreAndThreads() {
        var out = new StringWriter();
        ThreadRanks.run(3, ranks -> new Processes(Optional.of(new Invited(ranks)))
                .join("trm4j 1", new PrintWriter(ranks.isFirst() ? out : new StringWriter())));
        assertEquals("3 ranks on 1 machine, connected by memory: 1 thread each" + System.lineSeparator(), out.toString());
    }

    @Test
    void areOfOneVersion() {
        var refusal = assertThrows(RanksException.class, () -> ThreadRanks.run(3, ranks ->
                new Processes(Optional.of(new Invited(ranks)))
                        .join("trm4j " + ranks.rank() / 2, new PrintWriter(new StringWriter()))));
        assertEquals("Rank 2 has another version of trm than rank 0: expected trm4j 0, found trm4j 1; start all processes "
                + "with the same command, and on the same files.", refusal.getMessage());
    }
}
