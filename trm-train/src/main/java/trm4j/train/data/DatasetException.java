package trm4j.train.data;

import trm4j.kernels.UserException;

/** Puzzle data that cannot be read, written or made as asked. */
public final class DatasetException extends UserException {

    DatasetException(String message) {
        super(message);
    }

    DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
