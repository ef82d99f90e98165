package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.Disturbance;
import trm4j.model.SolvingPlan;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.train.data.PuzzleDataset;

/** Whether the recursion of a model contracts, beside that of the same network before training. */
final class Contraction {

    private static final int PUZZLES = 16;
    /** A large model on a slow device takes some seconds for as many. */
    private static final int BATCH = 4;
    private static final long SEED = 0;

    private Contraction() {}

    /**
     * Measures it on puzzles from all over a data set: what becomes of a small difference in z_L, and by how much steps
     * change z_H, each of the median puzzle.
     *
     * @param patience after half of it, a network takes no further puzzles
     */
    static ObjectNode of(Device device, Checkpoint model, PuzzleDataset dataset, Duration patience) {
        int count = Math.min(PUZZLES, dataset.examples()) / BATCH * BATCH;
        int batch = count == 0 ? dataset.examples() : BATCH;
        var plan = new SolvingPlan(device, model.config(), model.train().loss(), batch, true);
        var node = JsonNodeFactory.instance.objectNode().put("disturbance", Disturbance.SIZE);
        int batches = Math.max(1, count / BATCH);
        var nets = Map.of("trained", model.tensors(), "untrained", new Parameters(model.config()).initialize(SEED));
        nets.forEach((name, weights) -> {
            var found = measured(plan, weights, dataset, batches, model.config().haltMaxSteps(), patience.dividedBy(2 * nets.size()));
            var of = node.putObject(name);
            of.set("difference_by_step", medians(found, Disturbance::differences));
            of.set("state_change_by_step", medians(found, Disturbance::changes));
        });
        return node;
    }

    private static List<Disturbance> measured(
            SolvingPlan plan, Map<String, HostTensor> weights, PuzzleDataset dataset, int batches, int steps,
            Duration patience) {
        var found = new ArrayList<Disturbance>();
        try (var solver = plan.open(weights)) {
            int all = batches * solver.batch();
            long start = System.nanoTime();
            for (int b = 0; b < batches && (b == 0 || System.nanoTime() - start < patience.toNanos()); b++) {
                var puzzles = IntStream.iterate(b, i -> i < all, i -> i + batches)
                        .mapToObj(i -> dataset.example((int) ((long) i * dataset.examples() / all)))
                        .toList();
                found.add(Disturbance.of(solver, puzzles, steps));
            }
        }
        return found;
    }

    private static ArrayNode medians(List<Disturbance> found, Function<Disturbance, double[][]> figure) {
        var puzzles = found.stream().flatMap(each -> List.of(figure.apply(each)).stream()).toList();
        var list = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, puzzles.getFirst().length)
                .mapToDouble(step -> puzzles.stream().mapToDouble(puzzle -> puzzle[step]).sorted()
                        .skip((puzzles.size() - 1) / 2).findFirst().orElseThrow())
                .forEach(list::add);
        return list;
    }
}
