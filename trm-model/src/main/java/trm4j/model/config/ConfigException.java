package trm4j.model.config;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.kernels.UserException;

/** A setting that is unknown, of the wrong type, out of range, or at odds with another. */
public final class ConfigException extends UserException {

    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns a setting's word for a value. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the value that a setting's word stands for; refuses other words. */
    static <E extends Enum<E>> E choice(String key, E[] values, String found) {
        return choice(key, values, ConfigException::word, found);
    }

    /**
     * Returns the value that a setting's word stands for; refuses other words.
     *
     * @param word of a value
     */
    static <E> E choice(String key, E[] values, Function<E, String> word, String found) {
        var words = Stream.of(values).map(word).toList();
        int at = words.indexOf(found);
        int last = words.size() - 1;
        require(at >= 0, key, String.join(", ", words.subList(0, last)) + " or " + words.get(last), found);
        return values[at];
    }

    /** Refuses a value: {@code key: expected ..., found ...}. */
    public static void require(boolean holds, String key, String expected, Object found) {
        if (!holds) {
            throw new ConfigException(key + ": expected " + expected + ", found " + found + ".");
        }
    }
}
