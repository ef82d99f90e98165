package trm4j.train;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command line, for messages that say what to type: {@code trm}, or however it was called. */
public final class TrmCommand {

    /** Set by scripts/trm. */
    private static final String PROPERTY = "trm.command";
    /** What a shell takes as it is. */
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_./:=@%+,-]+");

    private TrmCommand() {}

    /** Returns what the command line was called by, such as {@code scripts/trm}; for programs, {@code trm}. */
    public static String name() {
        return System.getProperty(PROPERTY, "trm");
    }

    /** Returns a line to type: the command's name and some words, quoted where a shell would not leave them alone. */
    public static String line(Object... words) {
        return quoted(name()) + Arrays.stream(words).map(word -> " " + quoted(word.toString()))
                .collect(Collectors.joining());
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
