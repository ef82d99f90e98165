package trm4j.kernels.tornado;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.gpucheck.SimulationLog;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.model.Batch;
import trm4j.model.StepMetrics;
import trm4j.model.TrainingPlan;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

/**
 * Runs the GPU's kernels where a simulator looks on, and checks their results: {@code Simulation all|sample}. Tells on
 * the error stream, where the simulator's own messages go, what comes next.
 */
final class Simulation {

    /** Work-groups that run at a time: one unit has the largest tiles, many have the smallest, and sums in parts. */
    private static final int[] UNITS = {1, 132};

    /** Elements of all operands, of a case that is simulated in some seconds. */
    private static final int ELEMENTS = 1_500;

    private static final String PRODUCT = "matmul";

    /** What the largest tiles have compiled into them, whatever comes after it. */
    private static final List<Object> LARGEST_TILE = List.of(8, 8);

    private static final String MIXER = "{'mlp_t': true, 'pos_encodings': 'none', 'num_heads': 2}";
    private static final String ATTENTION = "{'mlp_t': false, 'pos_encodings': 'rope', 'num_heads': 2}";
    private static final String SIZES = "{'hidden_size': 16, 'l_layers': 1, 'h_cycles': 1, 'l_cycles': 1,"
            + " 'puzzle_emb_ndim': 16, 'puzzle_emb_len': 1}";

    private final TornadoVmDevice device = TornadoVmProvider.all().getFirst();
    private int wrong;

    private Simulation() {}

    public static void main(String[] args) {
        boolean all = args[0].equals("all");
        var simulation = new Simulation();
        for (int units : UNITS) {
            var kernels = new GpuKernels(units);
            var cases = all ? eachKernel(kernels) : sample(kernels);
            System.out.println(cases.size() + " cases with kernels for a GPU of " + units + " units");
            for (var operation : cases) {
                simulation.run(units + " units, " + operation, () -> OperationRunner.check(
                        simulation.device.with(kernels), operation, Placement.AT_AN_OFFSET));
            }
        }
        simulation.run("a training step of " + MIXER, () -> simulation.train(MIXER));
        simulation.run("a training step of " + ATTENTION, () -> simulation.train(ATTENTION));
        System.out.println(simulation.wrong + " of them compute something else");
        // TornadoVM's threads would go on.
        System.exit(simulation.wrong == 0 ? 0 : 1);
    }

    private void run(String what, Runnable action) {
        System.err.println(SimulationLog.NEXT + what);
        long start = System.nanoTime();
        try {
            action.run();
            System.out.printf("%.1f s, %s%n", (System.nanoTime() - start) / 1e9, what);
        } catch (RuntimeException | AssertionError e) {
            wrong++;
            System.out.println(what + ": " + e.getMessage());
        }
    }

    /** A case for each kernel with what is compiled into it; of one unit, for products, which are all that differs. */
    private static List<OperationCase> eachKernel(GpuKernels kernels) {
        return covering(kernels, launch -> kernels.units() > 1 || launch.kernel().equals(PRODUCT)
                ? Stream.concat(Stream.of(launch.kernel()), sizes(launch).stream()).toList()
                : List.of());
    }

    /** A case for each kernel; of one unit, for the largest tile. */
    private static List<OperationCase> sample(GpuKernels kernels) {
        return kernels.units() > 1
                ? covering(kernels, Launch::kernel)
                : byUse().filter(c -> launches(kernels, c).anyMatch(Simulation::isLargestTile)).limit(1).toList();
    }

    private static boolean isLargestTile(Launch launch) {
        var sizes = sizes(launch);
        return launch.kernel().equals(PRODUCT) && sizes.subList(0, 2).equals(LARGEST_TILE);
    }

    private static List<Object> sizes(Launch launch) {
        return KernelScalars.of(launch).stream().filter(Integer.class::isInstance).toList();
    }

    /** Cases that together have all the sorts of launches that there are. */
    private static List<OperationCase> covering(KernelSet kernels, Function<Launch, Object> sort) {
        var seen = new HashSet<>();
        return byUse().filter(c -> launches(kernels, c).map(sort).filter(seen::add).count() > 0).toList();
    }

    /** Those of middling size first: large enough for several groups and tiles, small enough not to take long. */
    private static Stream<OperationCase> byUse() {
        return Cases.all().sorted(Comparator.comparingInt(c -> Math.abs(c.setup().size() - ELEMENTS)));
    }

    private static Stream<Launch> launches(KernelSet kernels, OperationCase operation) {
        return operation.setup().alone().stream()
                .flatMap(op -> kernels.recipe(op).stream())
                .flatMap(recipe -> recipe.launches(n -> Buffer.floats("scratch", n).all()).stream());
    }

    /** A training step from the first kernel to the last; compares with the cpu device. */
    private void train(String block) {
        var config = Settings.read(Settings.read(TrmConfig.PAPER, tree(SIZES), "sizes"), tree(block), "block")
                .forPuzzles(4, 5, 3);
        var expected = step(config, TestDevices.cpu(1));
        var found = step(config, device.with(new GpuKernels(UNITS[1])));
        compare("loss", expected.loss(), found.loss());
        compare("gradients' norm", expected.gradientNorm(), found.gradientNorm());
        compare("weights' norm", expected.weightNorm(), found.weightNorm());
    }

    private static void compare(String what, double expected, double found) {
        if (!(Math.abs(expected - found) <= 1e-4 * expected)) {
            throw new IllegalStateException("the " + what + " is " + found + ", expected " + expected);
        }
    }

    private static StepMetrics step(TrmConfig config, Device device) {
        var train = Settings.read(
                TrainConfig.PAPER, tree("{'batch_size': 2, 'lr': 1e-3, 'lr_warmup_steps': 1}"), "train");
        var random = new SplittableRandom(1);
        int tokens = 2 * config.seqLen();
        var batch = new Batch(
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(2, 0, config.numPuzzleIdentifiers()).toArray());
        try (var trainer = new TrainingPlan(device, config, train).open(
                10, new Parameters(config).initialize(1), 0)) {
            return trainer.step(batch);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return Settings.MAPPER.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
