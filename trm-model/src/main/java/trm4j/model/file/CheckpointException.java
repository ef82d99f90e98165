package trm4j.model.file;

import trm4j.kernels.UserException;

/** A checkpoint that cannot be read or written, or that does not fit the architecture. */
public final class CheckpointException extends UserException {

    private static final long serialVersionUID = 1;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
