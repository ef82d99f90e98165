package trm4j.kernels.tornado;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.op.Operation;

/** The contract's cases that are simulated, each with the kernels for a GPU of some units. */
final class SimulatedCases {

    static final int MANY_UNITS = 132;

    /** Work-groups that run at a time: one unit has the largest tiles, many have the smallest, and sums in parts. */
    private static final int[] UNITS = {1, MANY_UNITS};

    /** Elements of all operands, of a case that is simulated in some seconds. */
    private static final int ELEMENTS = 1_500;

    private static final String PRODUCT = "matmul";

    /** What the largest tiles have compiled into them, whatever comes after it. */
    private static final List<Object> LARGEST_TILE = List.of(8, 8);

    private static final Set<String> TOGETHER =
            Set.of("attention", "attention keys and values", "attention queries", "rmsNorm");

    private SimulatedCases() {}

    /** A case, who does it, and what that launches. */
    record Simulated(GpuKernels kernels, OperationCase operation, List<Launch> launches) {

        @Override
        public String toString() {
            return kernels.units() + " units, " + operation;
        }
    }

    /**
     * Returns one for each kernel with each of the whole numbers that are compiled into it, on numbers of bfloat16 too;
     * of products, for each tile, each of its sides with each order in memory, setting and adding, and sums in parts.
     */
    static List<Simulated> eachVariant() {
        return covering(launch -> launch.kernel().equals(PRODUCT)
                ? productSorts(launch, sizes(launch).toList())
                : Stream.of(Stream.concat(Stream.of(launch.kernel(), types(launch)), sizes(launch)).toList()));
    }

    /** Kernels of one name may be several, by what numbers they are for. */
    private static List<ElementType> types(Launch launch) {
        return launch.operands().stream().map(Tensor::type).toList();
    }

    private static Stream<Object> productSorts(Launch launch, List<Object> sizes) {
        var rows = sizes.get(0);
        var columns = sizes.get(1);
        return Stream.of(
                List.of("tile", rows, columns), List.of("a", rows, sizes.get(2)), List.of("b", columns, sizes.get(3)),
                List.of("add", sizes.get(4)), List.of("parts", launch.threads().groupsZ() > 1));
    }

    /** Returns one for the largest tile of a product, and for each other kernel whose threads work together. */
    static List<Simulated> sample() {
        return covering(launch -> TOGETHER.contains(launch.kernel())
                ? Stream.of(launch.kernel())
                : isLargestTile(launch) ? Stream.of(LARGEST_TILE) : Stream.of());
    }

    /** Returns what some operations launch. */
    static List<Launch> launches(KernelSet kernels, Stream<Operation> operations) {
        var rounding = new RoundingKernels(kernels);
        return operations
                .flatMap(op -> rounding.recipe(op).stream())
                .flatMap(recipe -> recipe.launches(n -> Buffer.floats("scratch", n).all()).stream())
                .toList();
    }

    private static boolean isLargestTile(Launch launch) {
        return launch.kernel().equals(PRODUCT) && sizes(launch).limit(2).toList().equals(LARGEST_TILE);
    }

    private static Stream<Object> sizes(Launch launch) {
        return KernelScalars.of(launch).stream().filter(Integer.class::isInstance);
    }

    /** Cases that together have all the sorts of launches that there are. */
    private static List<Simulated> covering(Function<Launch, Stream<Object>> sorts) {
        var sized = bySize();
        var seen = new HashSet<>();
        return Arrays.stream(UNITS)
                .mapToObj(GpuKernels::new)
                .flatMap(kernels -> sized.stream()
                        .map(c -> new Simulated(kernels, c.operation, launches(kernels, c.alone.stream()))))
                .filter(s -> s.launches.stream().flatMap(sorts).filter(seen::add).count() > 0)
                .toList();
    }

    private record Sized(OperationCase operation, int size, List<Operation> alone) {}

    /** Those of middling size first: large enough for several groups and tiles, small enough not to take long. */
    private static List<Sized> bySize() {
        return Stream.concat(Cases.all(), Cases.rounded())
                .map(operation -> {
                    var setup = operation.setup();
                    return new Sized(operation, setup.size(), setup.alone());
                })
                .sorted(Comparator.comparingInt(c -> Math.abs(c.size - ELEMENTS)))
                .toList();
    }
}
