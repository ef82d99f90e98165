package trm4j.kernels.tornado;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import trm4j.gpucheck.SimulationLog;
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
import trm4j.model.net.TrainingPrograms;

/**
 * Runs the GPU's kernels where a simulator looks on, and checks their results: {@code Simulation all|sample} lists what
 * there is to run, with the kernels of each; {@code Simulation all|sample NUMBER...} runs some of it, and tells on the
 * error stream, where the simulator's own messages go, what comes next.
 */
final class Simulation {

    /** The smallest net that has all kernels of a step. */
    private static final String SIZES = "{'hidden_size': 16, 'l_layers': 1, 'h_cycles': 1, 'l_cycles': 1,"
            + " 'num_heads': 2, 'puzzle_emb_ndim': 16, 'puzzle_emb_len': 1}";

    private static final String TRAIN = "{'batch_size': 2, 'lr': 1e-3, 'lr_warmup_steps': 1}";

    /** One thing to run. */
    private record Piece(String name, List<Launch> launches, Runnable action) {

        /** Its name, and each of its kernels with what is compiled into it. */
        @Override
        public String toString() {
            var kernels = launches.stream().map(l -> l.kernel() + " " + KernelScalars.of(l)).distinct();
            return SimulationLog.PIECE + Stream.concat(Stream.of(name), kernels).reduce((a, b) -> a + "\t" + b).get();
        }
    }

    private final TornadoVmDevice device = TornadoVmProvider.all().getFirst();
    private final List<Piece> pieces = new ArrayList<>();

    private Simulation(boolean all) {
        (all ? SimulatedCases.eachVariant() : SimulatedCases.sample()).forEach(this::add);
        if (all) {
            for (var type : List.of("float32", "bfloat16")) {
                addStep(true, "none", type);
                addStep(false, "rope", type);
            }
        }
    }

    public static void main(String[] args) {
        var simulation = new Simulation(args[0].equals("all"));
        if (args.length == 1) {
            simulation.pieces.forEach(System.out::println);
        } else {
            Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).forEach(i -> run(simulation.pieces.get(i)));
        }
        // TornadoVM's threads would go on.
        System.exit(0);
    }

    private static void run(Piece piece) {
        System.err.println(SimulationLog.NEXT + piece.name);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = system.getProcessCpuTime();
        try {
            piece.action.run();
            System.err.println(SimulationLog.DONE + Math.round((system.getProcessCpuTime() - start) / 1e6));
        } catch (RuntimeException | AssertionError e) {
            System.err.println(SimulationLog.WRONG + String.valueOf(e.getMessage()).lines().findFirst().orElse("?"));
        }
    }

    private void add(SimulatedCases.Simulated simulated) {
        pieces.add(new Piece(simulated.toString(), simulated.launches(), () -> OperationRunner.check(
                device.with(simulated.kernels()), simulated.operation(), Placement.AT_AN_OFFSET)));
    }

    /** A training step from the first kernel to the last; compares with the cpu device. */
    private void addStep(boolean mixer, String positions, String type) {
        var block = "{'mlp_t': " + mixer + ", 'pos_encodings': '" + positions + "', 'forward_dtype': '" + type + "'}";
        // In bfloat16, attention keeps scores as floats here, and the cpu device rounds them.
        double most = mixer || type.equals("float32") ? 1e-4 : 1e-2;
        var config = Settings.read(Settings.read(TrmConfig.PAPER, tree(SIZES), "sizes"), tree(block), "block")
                .forPuzzles(4, 5, 3);
        var kernels = new GpuKernels(SimulatedCases.MANY_UNITS);
        var operations = new TrainingPrograms(config, train(), new Parameters(config), 1).schedules().stream()
                .flatMap(schedule -> schedule.calls().stream())
                .flatMap(call -> call.program().operations().stream());
        pieces.add(new Piece(
                "a training step, " + (mixer ? "MLP-Mixer" : "attention") + ", " + type,
                SimulatedCases.launches(kernels, operations),
                () -> {
                    var expected = step(config, TestDevices.cpu(1));
                    var found = step(config, device.with(kernels));
                    compare("loss", expected.loss(), found.loss(), most);
                    compare("gradients' norm", expected.gradientNorm(), found.gradientNorm(), most);
                    compare("weights' norm", expected.weightNorm(), found.weightNorm(), most);
                }));
    }

    private static void compare(String what, double expected, double found, double most) {
        if (!(Math.abs(expected - found) <= most * expected)) {
            throw new IllegalStateException("the " + what + " is " + found + ", expected " + expected);
        }
    }

    private static TrainConfig train() {
        return Settings.read(TrainConfig.PAPER, tree(TRAIN), "train");
    }

    private static StepMetrics step(TrmConfig config, Device device) {
        var random = new SplittableRandom(1);
        int tokens = 2 * config.seqLen();
        var batch = new Batch(
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(2, 0, config.numPuzzleIdentifiers()).toArray());
        try (var trainer = new TrainingPlan(device, config, train()).open(
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
