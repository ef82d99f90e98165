package trm4j.train;

import trm4j.kernels.UserException;

/** Puzzle data that cannot be read, written or made as asked. */
public final class DatasetException extends UserException {

    public DatasetException(String message) {
        super(message);
    }

    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
