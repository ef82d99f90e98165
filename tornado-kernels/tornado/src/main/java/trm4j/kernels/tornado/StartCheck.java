package trm4j.kernels.tornado;

import trm4j.kernels.DeviceException;

/**
 * A program of its own that tells whether TornadoVM starts with the backends that this JVM was given: one that fails
 * keeps all from starting, and a JVM cannot try twice. {@code scripts/trm} runs it where there are several.
 */
final class StartCheck {

    private StartCheck() {}

    /** Ends with status 0, or 1 once it has printed why. */
    public static void main(String[] arguments) {
        try {
            FoundDevices.ask();
        } catch (DeviceException e) {
            System.out.println(FoundDevices.reason(e.getCause()));
            System.exit(1);
        }
    }
}
