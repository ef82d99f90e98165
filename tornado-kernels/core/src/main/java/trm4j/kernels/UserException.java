package trm4j.kernels;

import java.util.regex.Pattern;

/**
 * Something only the user can mend. The message is one whole sentence: what was expected, what was
 * found, where, and what to do; it is shown as it is, without a stack trace.
 *
 * <p>What was found may come from a hostile file: characters that move a terminal's cursor or change the order of text
 * become question marks, and the middle of a very long message is left out.
 */
public abstract class UserException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final int LONGEST = 1500;
    /** What to do stands at the end. */
    private static final int END = 500;

    protected UserException(String message) {
        super(shown(message, LONGEST, END));
    }

    protected UserException(String message, Throwable cause) {
        super(shown(message, LONGEST, END), cause);
    }

    /** Returns text from a file as messages show it: short and in one line. */
    public static String shown(Object text) {
        return shown(String.valueOf(text), 80, 0);
    }

    private static String shown(String text, int longest, int end) {
        var shown = text.length() <= longest
                ? text
                : text.substring(0, longest - end) + "..." + text.substring(text.length() - end);
        return UNSEEN.matcher(shown).replaceAll("?");
    }
}
