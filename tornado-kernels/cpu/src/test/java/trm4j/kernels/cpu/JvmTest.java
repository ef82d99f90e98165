package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Devices;

/** What is said of JVMs that were started in other ways. */
class JvmTest {

    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    @Test
    void withoutTheVectorApiASentenceSaysHowToStartWithIt() throws IOException {
        assertEquals(
                "Device cpu needs the JVM's Vector API, expected module jdk.incubator.vector, found none; start java"
                        + " with --add-modules jdk.incubator.vector.",
                said());
    }

    @Test
    void withoutFusedMultiplyAddItIsSaidToBeSlower() throws IOException {
        assertEquals("", said(VECTORS));
        assertEquals(
                "This processor, or how Java was started, has no fused multiply-add (UseFMA is false): device cpu"
                        + " multiplies and adds apart, which is slower and rounds otherwise; take another machine, or"
                        + " take out -XX:UseAVX=0 and -XX:-UseFMA.",
                said(VECTORS, "-XX:-UseFMA"));
    }

    private static String said(String... options) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Cautious.class.getName()));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var output = process.inputReader()) {
            return output.readAllAsString().strip();
        }
    }

    /** Says what there is to say of the cpu device. */
    static final class Cautious {

        private Cautious() {}

        public static void main(String[] arguments) {
            try {
                System.out.println(Devices.named("cpu").info().caution().orElse(""));
            } catch (DeviceException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
