package trm4j.model;

import trm4j.kernels.UserException;

/** A training whose numbers are no longer finite. */
public final class DivergedException extends UserException {

    private static final long serialVersionUID = 1;

    private DivergedException(String message) {
        super(message);
    }

    /**
     * Returns the exception for numbers that are not finite.
     *
     * @param what was found, such as {@code The loss is NaN}
     * @param step the training step that it was found in or after
     * @param first the tensor that had such a number first
     */
    static DivergedException of(String what, long step, String first) {
        return new DivergedException(what + " in step " + step + ", expected finite numbers, found others first in "
                + first + ": training has diverged; begin anew with a lower train.lr.");
    }
}
