package trm4j.kernels;

/**
 * Something only the user can mend. The message is one whole sentence: what was expected, what was
 * found, where, and what to do; it is shown as it is, without a stack trace.
 */
public abstract class UserException extends RuntimeException {

    protected UserException(String message) {
        super(message);
    }

    protected UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
