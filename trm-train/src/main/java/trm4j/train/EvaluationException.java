package trm4j.train;

import trm4j.kernels.UserException;

/** An evaluation that cannot begin or go on. */
public final class EvaluationException extends UserException {

    private static final long serialVersionUID = 1;

    public EvaluationException(String message) {
        super(message);
    }

    public EvaluationException(String message, Throwable cause) {
        super(message, cause);
    }
}
