package trm4j.kernels.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import trm4j.kernels.DeviceException;

/** What the JVM that runs this can do. */
final class Jvm {

    private static final String VECTORS = "jdk.incubator.vector";

    private Jvm() {}

    /**
     * Refuses a JVM without the Vector API, before a class that needs it is loaded.
     *
     * @throws DeviceException that says how to start one with it
     */
    static void requireVectors() {
        if (ModuleLayer.boot().findModule(VECTORS).isEmpty()) {
            throw new DeviceException("Device cpu needs the JVM's Vector API, expected module " + VECTORS
                    + ", found none; start java with --add-modules " + VECTORS + ".");
        }
    }

    /** Says so where the processor has no fused multiply-add: results are other ones then, and come later. */
    static Optional<String> caution() {
        return fuses()
                ? Optional.empty()
                : Optional.of("This processor, or how Java was started, has no fused multiply-add (UseFMA is false):"
                        + " device cpu multiplies and adds apart, which is slower and rounds otherwise; take another"
                        + " machine, or take out -XX:UseAVX=0 and -XX:-UseFMA.");
    }

    /** Tells whether the processor multiplies and adds at once; where not, Java's fma is some hundred times slower. */
    static boolean fuses() {
        try {
            var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return bean == null || Boolean.parseBoolean(bean.getVMOption("UseFMA").getValue());
        } catch (IllegalArgumentException e) {
            // Not HotSpot, or a processor on which nothing is to be switched off.
            return true;
        }
    }
}
