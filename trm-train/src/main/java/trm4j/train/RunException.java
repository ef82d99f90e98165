package trm4j.train;

import trm4j.kernels.UserException;

/** A run that cannot begin or go on. */
public final class RunException extends UserException {

    private static final long serialVersionUID = 1;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
