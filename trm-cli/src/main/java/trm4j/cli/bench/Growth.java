package trm4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import trm4j.cli.bench.GrowthReport.Point;
import trm4j.cli.bench.GrowthReport.Series;
import trm4j.kernels.device.Device;
import trm4j.model.config.ConfigException;

/** Measures how a training step's time and memory grow with one size, the others as they are. */
public final class Growth {

    /** What grows; the other sizes are small enough for some minutes on two cores. */
    public enum Kind {
        /** Puzzles in a step. */
        BATCH("sudoku", 1, "linear in the batch", List.of(1, 2, 4, 8, 16)),
        /** T, with attention. */
        POSITIONS("maze", 1, "T, and T^2 for attention", List.of(64, 128, 256, 512, 1024)),
        /** D. */
        WIDTH("sudoku", 4, "D^2, and D for mixing tokens", List.of(64, 128, 256, 512)),
        /** Threads of the cpu device. */
        CORES("sudoku", 8, "1/cores", cores());

        private final String shape;
        private final int batch;
        private final String law;
        private final List<Integer> sizes;

        Kind(String shape, int batch, String law, List<Integer> sizes) {
            this.shape = shape;
            this.batch = batch;
            this.law = law;
            this.sizes = sizes;
        }

        /** The shape that it is measured on, unless another is asked for. */
        public String shape() {
            return shape;
        }

        /** Puzzles in a step, unless other numbers are asked for. */
        public int batch() {
            return batch;
        }

        private static List<Integer> cores() {
            int all = Runtime.getRuntime().availableProcessors();
            return IntStream.concat(IntStream.iterate(1, n -> n < all, n -> 2 * n), IntStream.of(all)).boxed().toList();
        }
    }

    private final Kind kind;
    private final BenchShape shape;
    private final long seed;
    private final double budget;
    private final Consumer<String> notes;

    /**
     * Growth of a kind.
     *
     * @param shape what the rest is like
     * @param seed of weights and puzzles
     * @param budget seconds to measure each size, at least
     * @param notes hears what is being done
     */
    public Growth(Kind kind, BenchShape shape, long seed, double budget, Consumer<String> notes) {
        this.kind = kind;
        this.shape = shape;
        this.seed = seed;
        this.budget = budget;
        this.notes = notes;
    }

    /** Measures all sizes on all devices. */
    public GrowthReport run(List<Device> devices, String version) {
        if (kind == Kind.CORES && !devices.stream().allMatch(device -> device.withCores(1).isPresent())) {
            throw new ConfigException("--grow cores: expected device cpu, whose threads can be chosen, found another.");
        }
        var series = devices.stream().map(this::series).toList();
        return new GrowthReport(
                version, Runtime.version().toString(), kind.name().toLowerCase(), shape.name(), kind.law,
                shape.arch(), shape.train(), series);
    }

    private Series series(Device device) {
        var measured = new ArrayList<Point>();
        for (int size : kind.sizes) {
            if (size > shape.arch().puzzlePositions() || kind != Kind.POSITIONS) {
                measured.add(point(kind == Kind.CORES ? device.withCores(size).orElseThrow() : device, size));
            }
        }
        return new Series(device.name(), device.info().description(), lawful(measured));
    }

    private Point point(Device device, int size) {
        notes.accept(device.name() + ": " + kind.name().toLowerCase() + " " + size);
        var grown = switch (kind) {
            case BATCH -> shape.withBatch(size);
            case POSITIONS -> shape.withPositions(size);
            case WIDTH -> shape.withWidth(size);
            case CORES -> shape;
        };
        var step = new StepBench(device, grown.arch(), grown.train(), seed, budget).training();
        long flops = Workload.ofTraining(grown.arch(), grown.train(), new Isolation()).flops();
        return new Point(size, step.time(), flops, 0, step.footprint(), step.heap());
    }

    /** With what the law expects: time goes with the FLOPs counted, or with one over the cores. */
    private List<Point> lawful(List<Point> points) {
        var known = kind == Kind.CORES ? points.getFirst() : points.getLast();
        return points.stream()
                .map(p -> new Point(
                        p.size(), p.time(), p.flops(),
                        known.time().median() * (kind == Kind.CORES
                                ? (double) known.size() / p.size()
                                : (double) p.flops() / known.flops()),
                        p.footprintBytes(), p.heapBytes()))
                .toList();
    }
}
