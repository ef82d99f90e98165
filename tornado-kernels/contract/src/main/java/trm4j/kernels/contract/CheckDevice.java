package trm4j.kernels.contract;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;

/**
 * A program of its own that runs the cases of all operations on a device, as many as there is time for, where nothing
 * can be built: {@code CheckDevice --device DEVICE SECONDS}. It ends with status 1 if one fails.
 */
public final class CheckDevice {

    private static final int SHOWN = 5;

    private CheckDevice() {}

    /** Prints what fails, and how many cases pass. */
    public static void main(String[] arguments) {
        var device = Devices.named(arguments[1]);
        if (run(device, Double.parseDouble(arguments[2]), System.out) > 0) {
            System.exit(1);
        }
    }

    /**
     * Runs the cases in an order that mixes all sorts, at least one; returns how many failed.
     *
     * @param seconds after which none is begun
     */
    public static int run(Device device, double seconds, PrintStream out) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var cases = new ArrayList<>(Cases.all().toList());
        Collections.shuffle(cases, new Random(0));
        int passed = 0;
        int failed = 0;
        for (var operation : cases) {
            if (passed + failed > 0 && System.nanoTime() > end) {
                break;
            }
            try {
                OperationRunner.check(device, operation, Placement.AT_AN_OFFSET);
                passed++;
            } catch (AssertionError | RuntimeException e) {
                failed++;
                if (failed <= SHOWN) {
                    out.println("FAILED " + operation + ": " + String.valueOf(e.getMessage()).lines()
                            .findFirst().orElse(e.toString()));
                }
            }
        }
        out.println(passed + " of " + (passed + failed) + " cases pass on " + device.name() + "; "
                + (cases.size() - passed - failed) + " more were not run for want of time");
        return failed;
    }
}
