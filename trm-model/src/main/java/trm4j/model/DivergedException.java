package trm4j.model;

import trm4j.kernels.UserException;

/** A training whose numbers are no longer finite. */
public final class DivergedException extends UserException {

    private static final long serialVersionUID = 1;

    public DivergedException(String message) {
        super(message);
    }
}
