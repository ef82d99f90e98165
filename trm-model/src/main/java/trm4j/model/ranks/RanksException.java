package trm4j.model.ranks;

import trm4j.kernels.UserException;

/** Processes that were to work together cannot, or no longer. */
public final class RanksException extends UserException {

    private static final long serialVersionUID = 1;

    public RanksException(String message) {
        super(message);
    }

    public RanksException(String message, Throwable cause) {
        super(message, cause);
    }
}
