package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;
import picocli.CommandLine.Command;

/** A command that is named is read alone; where none is, all are there. */
class MainTest {

    @Test
    void namesAllCommandsWhereNoneIsNamed() {
        for (var arguments : new String[][] {{}, {"--help"}, {"help"}, {"--verbose", "help"}}) {
            var said = said(0, arguments);
            for (var command : Main.COMMANDS) {
                var name = command.getAnnotation(Command.class).name();
                assertTrue(said.contains("\n  " + name + " "), Arrays.toString(arguments) + " without " + name);
            }
        }
    }

    @Test
    void aCommandHasItsOptionsAndThoseOfAll() {
        var said = said(0, "data", "maze", "--help");
        assertTrue(said.contains(" data maze ") && said.contains("--size") && said.contains("--verbose"), said);
        assertEquals(said(0, "data", "maze", "--help"), said(0, "help", "data", "maze"));
    }

    @Test
    void suggestsACommandForAnotherWord() {
        assertTrue(said(2, "slove", "run").contains("solve"));
        assertTrue(said(2, "solve", "run", "--devise", "cpu").contains("--device"));
    }

    @Test
    void tellsTheVersion() {
        for (var arguments : new String[][] {{"-V"}, {"--version"}, {"--version", "--verbose"}}) {
            assertTrue(said(0, arguments).startsWith("trm4j "), Arrays.toString(arguments));
        }
    }

    private static String said(int status, String... arguments) {
        var out = new StringWriter();
        assertEquals(status, Main.run(new PrintWriter(out), new PrintWriter(out), arguments), out.toString());
        return out.toString();
    }

    /** An empty NO_COLOR is none. */
    @Test
    void coloursAreForTerminalsThatWantThem() {
        assertEquals(Help.Ansi.AUTO, Main.ansi(Map.<String, String>of()::get, true));
        assertEquals(Help.Ansi.OFF, Main.ansi(Map.of("NO_COLOR", "0")::get, true));
        assertEquals(Help.Ansi.ON, Main.ansi(Map.of("NO_COLOR", "")::get, true));
        assertEquals(Help.Ansi.OFF, Main.ansi(Map.of("NO_COLOR", "")::get, false));
        assertEquals(Help.Ansi.OFF, Main.ansi(Map.of("NO_COLOR", "", "TERM", "dumb")::get, true));
    }
}
