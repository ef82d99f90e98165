package trm4j.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.kernels.device.Device;
import trm4j.model.Parity;
import trm4j.train.Plural;

/** {@code trm parity}. */
@Command(
        name = "parity",
        description =
                "Replays training that the reference recorded, and prints for each quantity the largest error "
                + "relative to its largest element. Exit status 1 if one is out of tolerance.",
        sortOptions = false)
final class ParityCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "Recordings: folders with config.json and safetensors, of a run (initial, step-N, final) or of "
                    + "sealed steps (before-N, after-N, and spread.json).")
    private List<Path> folders;

    @Mixin
    private DeviceOption device;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var device = this.device.open();
        boolean all = true;
        var node = JsonNodeFactory.instance.objectNode();
        var list = node.putArray("recordings");
        // A shell's DIR/* brings files along; only if there is nothing else are they a mistake.
        var runs = folders.stream().filter(Files::isDirectory).toList();
        for (var folder : runs.isEmpty() ? folders : runs) {
            all &= replay(folder, device, list.addObject());
        }
        json.print(node);
        return all ? 0 : 1;
    }

    private boolean replay(Path folder, Device device, ObjectNode node) {
        var out = spec.commandLine().getOut();
        List<Parity.Quantity> quantities;
        try (var _ = new Waiting("Replaying " + folder + " ...", out)) {
            quantities = Parity.replay(folder, device);
        }
        out.println(folder + " on " + device.name());
        for (var quantity : quantities) {
            out.printf(
                    Locale.ROOT, "  %-62s %9.2e %s%n", quantity.name(), quantity.error(),
                    quantity.passes() ? "ok" : "OUT OF TOLERANCE " + quantity.tolerance());
        }
        long failed = quantities.stream().filter(q -> !q.passes()).count();
        double worst = quantities.stream().mapToDouble(Parity.Quantity::error).max().orElse(0);
        out.printf(
                Locale.ROOT, "%s: %s, largest error %.2e, %s%n", folder, Plural.count(quantities.size(), "quantity"), worst,
                failed == 0 ? "all within tolerance" : failed + " out of tolerance");
        out.flush();
        node.put("folder", folder.toString()).put("device", device.name()).put("passes", failed == 0)
                .put("largest_error", worst);
        var all = node.putArray("quantities");
        quantities.forEach(quantity -> all.addObject()
                .put("name", quantity.name()).put("error", quantity.error()).put("tolerance", quantity.tolerance())
                .put("passes", quantity.passes()));
        return failed == 0;
    }
}
