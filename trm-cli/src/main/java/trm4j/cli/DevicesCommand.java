package trm4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    private final ArrayNode devices = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode absent = JsonNodeFactory.instance.arrayNode();

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.printf(ROW, "device", "kind", "memory", "work-group", "what it is");
        Devices.providers().forEach(this::print);
        out.flush();
        var node = JsonNodeFactory.instance.objectNode();
        node.set("devices", devices);
        node.set("absent", absent);
        json.print(node);
    }

    private void print(DeviceProvider provider) {
        try {
            provider.devices().forEach(this::print);
            provider.absence().ifPresent(this::printAbsence);
        } catch (DeviceException e) {
            printAbsence(e.getMessage());
            if (Main.isVerbose(spec)) {
                e.printStackTrace(spec.commandLine().getErr());
            }
        }
    }

    private void printAbsence(String sentence) {
        spec.commandLine().getOut().println(sentence);
        absent.add(sentence);
    }

    private void print(Device device) {
        var info = device.info();
        var kind = info.kind().name().toLowerCase(Locale.ROOT);
        devices.addObject()
                .put("device", device.name()).put("kind", kind).put("memory_bytes", info.memory())
                .put("work_group", info.workGroup()).put("description", info.description());
        spec.commandLine().getOut().printf(
                ROW, device.name(), kind,
                String.format(Locale.ROOT, "%,d MiB", info.memory() >> 20),
                info.workGroup() == 0 ? "-" : info.workGroup(), info.description());
    }
}
