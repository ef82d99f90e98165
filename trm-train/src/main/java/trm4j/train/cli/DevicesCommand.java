package trm4j.train.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Devices;
import trm4j.kernels.cpu.CpuDevice;
import trm4j.kernels.tornado.TornadoVmDevice;

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
        var cpu = new CpuDevice();
        out.printf(ROW, cpu.name(), "cpu", mebibytes(cpu.memory()), "-", cpu.description());
        try {
            var devices = Devices.tornado();
            devices.forEach(device -> print(device, out));
            if (devices.isEmpty()) {
                out.println(Devices.absence());
            }
        } catch (DeviceException e) {
            out.println(e.getMessage());
        }
        out.flush();
    }

    private static void print(TornadoVmDevice device, PrintWriter out) {
        out.printf(
                ROW, device.name(), device.isGpu() ? "gpu" : "cpu", mebibytes(device.deviceMemory()),
                device.largestGroup(), device.description());
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }
}
