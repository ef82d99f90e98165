package trm4j.kernels;

/** A device that is not there, has too little memory, or cannot do what a program asks. */
public final class DeviceException extends UserException {

    private static final long serialVersionUID = 1;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
