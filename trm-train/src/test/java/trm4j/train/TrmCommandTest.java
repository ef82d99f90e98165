package trm4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrmCommandTest {

    @Test
    void quotesWhatAShellWouldNotLeaveAlone() {
        assertEquals("trm train --resume runs/a-1", TrmCommand.line("train", "--resume", Path.of("runs/a-1")));
        assertEquals(
                "trm train --resume 'my runs/it'\\''s $1' --set arch.l_cycles=4",
                TrmCommand.line("train", "--resume", Path.of("my runs/it's $1"), "--set", "arch.l_cycles=4"));
        assertEquals("trm data Übung", TrmCommand.line("data", "Übung"));
    }

    @Test
    void isNamedAsItWasCalled() {
        System.setProperty("trm.command", "my scripts/trm");
        try {
            assertEquals("my scripts/trm", TrmCommand.name());
            assertEquals("'my scripts/trm' help", TrmCommand.line("help"));
        } finally {
            System.clearProperty("trm.command");
        }
    }

    @Test
    void nounsGoWithTheirNumbers() {
        assertEquals("1 step", Plural.count(1, "step"));
        assertEquals("0 steps", Plural.count(0, "step"));
        assertEquals("2 quantities", Plural.count(2, "quantity"));
    }
}
