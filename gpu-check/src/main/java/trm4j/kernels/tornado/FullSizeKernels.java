package trm4j.kernels.tornado;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import trm4j.gpucheck.KernelSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Operation;
import trm4j.model.config.PaperTask;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.net.Parameters;
import trm4j.model.net.SolvingPrograms;
import trm4j.model.net.TrainingPrograms;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * Has TornadoVM write all kernels that the GPU's set launches for the full-size models, in one training step and in one
 * step of solving: {@code FullSizeKernels BACKEND OUT.json}. Which of a backend's devices compiles is all the same;
 * nothing runs. Wants {@code -Dtornado.printKernel=True}.
 */
final class FullSizeKernels {

    /** An H100's multiprocessors, and what it is supposed to do a second, for estimates. */
    private static final int UNITS = 132;
    private static final double FLOPS = 0.5 * 67e12;
    private static final double BYTES = 0.7 * 3.3e12;

    /** A larger share of a step than this wants all multiprocessors. */
    private static final double NOTABLE = 0.01;

    private final Map<Key, List<Times>> launches = new LinkedHashMap<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final TornadoDevice device;

    private FullSizeKernels(TornadoDevice device) {
        this.device = device;
    }

    /** The first device of a backend, such as {@code opencl}. */
    private static TornadoDevice backend(String name) {
        var runtime = TornadoRuntimeProvider.getTornadoRuntime();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            if (runtime.getBackendType(b).name().equalsIgnoreCase(name)) {
                return runtime.getBackend(b).getDevice(0);
            }
        }
        throw new IllegalStateException("This TornadoVM has no backend " + name + ".");
    }

    /** One kernel for a device's compiler. */
    private record Key(String kernel, List<Object> scalars, int threads) {

        @Override
        public String toString() {
            return kernel + (scalars.isEmpty() ? "" : " " + scalars.stream().map(String::valueOf).toList());
        }
    }

    /** All launches of a kernel with so many work-groups. */
    private record Times(String model, Launch launch, long groups, double seconds) {}

    public static void main(String[] args) throws IOException {
        var all = new FullSizeKernels(backend(args[0]));
        all.add("Sudoku, 64", PaperTask.SUDOKU_EXTREME, 64);
        all.add("Maze, 8", PaperTask.MAZE_HARD, 8);
        var sources = all.sources();
        Settings.MAPPER.writeValue(Path.of(args[1]).toFile(), sources);
        System.out.println("TornadoVM wrote " + sources.size() + " kernels of the full-size models as "
                + sources.getFirst().language() + ".");
        // TornadoVM's threads would go on.
        System.exit(0);
    }

    private void add(String model, PaperTask task, int batch) {
        var arch = task.arch(1000);
        var parameters = new Parameters(arch);
        var train = Settings.read(
                TrainConfig.PAPER, Settings.MAPPER.createObjectNode().put("batch_size", batch), "gpu-check");
        var training = new TrainingPrograms(arch, train, parameters, 1).schedules();
        var solving = new SolvingPrograms(arch, parameters, train.loss(), batch, false).schedules();
        seconds.put(model, operations(training).mapToDouble(op -> add(model, op, 1)).sum());
        operations(solving).forEach(op -> add(model, op, 0));
    }

    private static Stream<Operation> operations(List<Schedule> schedules) {
        return schedules.stream()
                .flatMap(schedule -> schedule.calls().stream())
                .flatMap(call -> call.program().operations().stream());
    }

    /** Adds an operation's launches, and returns what they take, estimated: where times is 0, nothing. */
    private double add(String model, Operation op, int times) {
        var recipe = new GpuKernels(UNITS).recipe(op).orElseThrow();
        var all = recipe.launches(elements -> Buffer.floats("scratch", elements).all());
        long multiplying = all.stream().filter(FullSizeKernels::multiplies).count();
        double sum = 0;
        for (var launch : all) {
            var threads = launch.threads();
            long groups = (long) threads.groupsX() * threads.groupsY() * threads.groupsZ();
            double flops = multiplies(launch) ? (double) op.flops() / multiplying : 0;
            double bytes = 4.0 * launch.operands().stream().mapToLong(Tensor::size).sum();
            double seconds = Math.max(flops / FLOPS, bytes / BYTES) * Math.max(1, (double) UNITS / groups) * times;
            sum += seconds;
            var key = new Key(launch.kernel(), KernelScalars.of(launch), threads.group());
            launches.computeIfAbsent(key, _ -> new ArrayList<>())
                    .add(new Times(model, launch, groups, seconds));
        }
        return sum;
    }

    /** Whether a launch is one of those that share an operation's multiplications: in work-groups of two axes. */
    private static boolean multiplies(Launch launch) {
        return launch.threads().groupY() > 1;
    }

    private List<KernelSource> sources() {
        return launches.entrySet().stream().map(e -> source(e.getKey(), e.getValue())).toList();
    }

    private KernelSource source(Key key, List<Times> all) {
        var uses = seconds.keySet().stream()
                .filter(model -> all.stream().anyMatch(t -> t.model.equals(model)))
                .map(model -> use(model, all.stream().filter(t -> t.model.equals(model)).toList()))
                .toList();
        var text = written(all.getFirst().launch);
        var language = text.contains("__kernel void") ? KernelSource.Language.OPENCL : KernelSource.Language.CUDA;
        return new KernelSource(key.toString(), key.threads, uses, language, text);
    }

    private KernelSource.Use use(String model, List<Times> all) {
        double step = seconds.get(model);
        double few = all.stream().filter(t -> t.groups < UNITS).mapToDouble(Times::seconds).sum();
        return new KernelSource.Use(
                model,
                all.stream().mapToLong(Times::groups).min().orElseThrow(),
                all.stream().mapToLong(Times::groups).max().orElseThrow(),
                all.stream().mapToDouble(Times::seconds).sum() / step,
                few / step > NOTABLE);
    }

    /** Has TornadoVM compile a kernel, and returns what it hands to the device's compiler, which it prints. */
    private String written(Launch launch) {
        var ints = new int[2];
        var floats = new float[2];
        var graph = new TaskGraph("graph").transferToDevice(DataTransferMode.FIRST_EXECUTION, ints, floats);
        launch.call().by(new TaskGraphCaller(graph, "kernel", new KernelContext(), ints, 0, floats, null));
        graph.persistOnDevice(ints, floats);
        var grids = new GridScheduler("graph.kernel", launch.threads().grid());
        var printed = new ByteArrayOutputStream();
        var out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withDevice(device).withGridScheduler(grids).withPreCompilation();
        } catch (Exception e) {
            throw new IllegalStateException("TornadoVM could not compile " + launch + ".", e);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
