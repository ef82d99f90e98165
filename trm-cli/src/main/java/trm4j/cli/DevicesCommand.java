package trm4j.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceProvider;
import trm4j.kernels.device.Devices;

/** {@code trm devices}. */
@Command(
        name = "devices",
        description = "Lists what --device can name: cpu, and the devices that TornadoVM finds.")
final class DevicesCommand implements Runnable {

    private static final String ROW = "%-10s %-8s %12s %12s  %s%n";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.printf(ROW, "device", "kind", "memory", "work-group", "what it is");
        Devices.providers().forEach(this::print);
        out.flush();
    }

    private void print(DeviceProvider provider) {
        var out = spec.commandLine().getOut();
        try {
            provider.devices().forEach(device -> print(device, out));
            provider.absence().ifPresent(out::println);
        } catch (DeviceException e) {
            out.println(e.getMessage());
            if (Main.isVerbose(spec)) {
                e.printStackTrace(spec.commandLine().getErr());
            }
        }
    }

    private static void print(Device device, PrintWriter out) {
        var info = device.info();
        out.printf(
                ROW, device.name(), info.kind().name().toLowerCase(Locale.ROOT),
                String.format(Locale.ROOT, "%,d MiB", info.memory() >> 20),
                info.workGroup() == 0 ? "-" : info.workGroup(), info.description());
    }
}
