package trm4j.model;

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

    /** Refuses a value: {@code key: expected ..., found ...}. */
    public static void require(boolean holds, String key, String expected, Object found) {
        if (!holds) {
            throw new ConfigException(key + ": expected " + expected + ", found " + found + ".");
        }
    }
}
