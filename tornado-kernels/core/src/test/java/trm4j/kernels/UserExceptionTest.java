package trm4j.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UserExceptionTest {

    private static String message(String message) {
        return new DeviceException(message).getMessage();
    }

    @Test
    void messagesCannotMoveTheCursorOrTurnTextAround() {
        assertEquals("a?[2Jb?c?d?e?f?.", message("a\u001b[2Jb\nc\u202ed\u2028e\u0085f\ud800."));
        assertEquals("Größe \ud83d\ude00 5.", message("Größe \ud83d\ude00 5."));
    }

    @Test
    void longMessagesKeepTheirBeginningAndWhatToDo() {
        var message = message("f: found " + "x".repeat(1_000_000) + "; mend it.");
        assertTrue(message.startsWith("f: found xxx") && message.endsWith("xxx; mend it."), message);
        assertEquals(1503, message.length());
    }

    @Test
    void valuesAreShownShort() {
        assertEquals("a?b", UserException.shown("a\tb"));
        assertEquals("y".repeat(80) + "...", UserException.shown("y".repeat(81)));
        assertEquals("null", UserException.shown(null));
    }
}
