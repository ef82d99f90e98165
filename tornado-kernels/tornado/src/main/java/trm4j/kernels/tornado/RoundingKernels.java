package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SelectRows;

/**
 * A set's kernels, for operations on numbers of bfloat16 too. These are widened to floats in scratch space, the set's
 * kernels compute there, and what they wrote is rounded to its place. What only moves is moved as it is.
 */
record RoundingKernels(KernelSet set) implements KernelSet {

    @Override
    public String name() {
        return set.name();
    }

    @Override
    public Optional<Recipe> recipe(Operation operation) {
        if (operation.tensors().noneMatch(RoundingKernels::isOfHalves)) {
            return set.recipe(operation);
        }
        return switch (operation) {
            case CopyColumns op when CopyKernels.isWhole(op) -> Optional.of(Recipe.of(copy(op.from(), op.to())));
            case Fill op -> Optional.of(HalvesKernels.fill(op, set.halves()));
            case MatMul op -> product(op);
            case SelectRows op -> Optional.of(HalvesKernels.select(op, set.halves()));
            default -> widened(operation);
        };
    }

    @Override
    public boolean goesOnAfterEach() {
        return set.goesOnAfterEach();
    }

    @Override
    public Halves halves() {
        return set.halves();
    }

    private static boolean isOfHalves(Tensor tensor) {
        return tensor.type() == ElementType.BF16;
    }

    /** Whether an operation leaves some elements of what it writes as they are, and does not say that it reads them. */
    private static boolean leavesSome(Operation operation) {
        return operation instanceof CopyColumns || operation instanceof Embedding.Gather
                || operation instanceof BinaryCrossEntropy;
    }

    private Optional<Recipe> widened(Operation operation) {
        var floats = new StandIns();
        var inner = set.rounding(operation.map(t -> isOfHalves(t) ? floats.of(t) : t));
        return inner.map(recipe -> Recipe.around(recipe, floats, (space, launches) -> {
            var all = new ArrayList<Launch>();
            var read = leavesSome(operation) ? operation.tensors() : operation.reads().stream();
            halves(read).forEach(t -> all.add(widen(t, floats.in(space, floats.of(t)))));
            launches.forEach(launch -> all.add(launch.on(t -> floats.in(space, t))));
            halves(operation.writes().stream())
                    .forEach(t -> all.add(narrow(floats.in(space, floats.of(t)), t)));
            return all;
        }));
    }

    private static Stream<Tensor> halves(Stream<Tensor> tensors) {
        return tensors.filter(RoundingKernels::isOfHalves).map(StandIns::flat).distinct();
    }

    /** Both factors are rounded, and each sum is once it is whole; then it is set, or added to what is there. */
    private Optional<Recipe> product(MatMul op) {
        boolean asTheyLie = set.multipliesHalves();
        var spaces = new StandIns();
        UnaryOperator<Tensor> factor = t -> !asTheyLie ? spaces.of(t) : isOfHalves(t) ? t : spaces.halvesOf(t);
        boolean setsHalves = asTheyLie && op.c().rank() == 3 | op.batch() == 1;
        boolean aside = op.accumulate() || isOfHalves(op.c()) && !setsHalves;
        var c = StandIns.flat(op.c());
        var sums = Buffer.floats("sums", op.c().size()).all();
        var inner = set.rounding(MatMul.set(
                factor.apply(op.a()), op.transposeA(), factor.apply(op.b()), op.transposeB(),
                aside ? spaces.of(sums.as(StandIns.dimensions(op.c()))) : op.c()));
        var before = isOfHalves(c) && op.accumulate() ? spaces.of(c) : c;
        return inner.map(recipe -> Recipe.around(recipe, spaces, (space, launches) -> {
            var all = new ArrayList<Launch>();
            Stream.of(op.a(), op.b()).map(StandIns::flat).distinct()
                    .filter(t -> !asTheyLie || !isOfHalves(t))
                    .forEach(t -> all.add(copy(t, spaces.in(space, factor.apply(t)))));
            launches.forEach(launch -> all.add(launch.on(t -> spaces.in(space, t))));
            if (!aside) {
                if (!isOfHalves(c)) {
                    all.add(round(c, c));
                }
                return all;
            }
            var result = spaces.in(space, spaces.of(sums));
            if (op.accumulate()) {
                all.add(round(result, result));
                var sum = spaces.in(space, before);
                if (isOfHalves(c)) {
                    all.add(widen(c, sum));
                }
                all.add(CopyKernels.sum(sum, result, sum));
                result = sum;
            }
            if (isOfHalves(c)) {
                all.add(narrow(result, c));
            }
            return all;
        }));
    }

    /** Numbers of bfloat16 from one place to another, from floats or to floats, or to both. */
    private Launch copy(Tensor from, Tensor to) {
        if (!isOfHalves(from) && !isOfHalves(to)) {
            return round(from, to);
        }
        if (!isOfHalves(to)) {
            return widen(from, to);
        }
        if (!isOfHalves(from)) {
            return narrow(from, to);
        }
        return set.namesVectors() && HalfBlocks.areIn(from) && HalfBlocks.areIn(to)
                ? HalfBlocks.copy(from, to)
                : HalvesKernels.narrow(from, to, set.halves());
    }

    private Launch widen(Tensor from, Tensor to) {
        return set.namesVectors() && HalfBlocks.areIn(from)
                ? HalfBlocks.widen(from, to)
                : HalvesKernels.widen(from, to, set.halves());
    }

    private Launch narrow(Tensor from, Tensor to) {
        return set.namesVectors() && HalfBlocks.areIn(to)
                ? HalfBlocks.narrow(from, to)
                : HalvesKernels.narrow(from, to, set.halves());
    }

    private Launch round(Tensor from, Tensor to) {
        return set.namesVectors() && to.size() % Halves.LANES == 0
                ? HalfBlocks.round(from, to)
                : HalvesKernels.round(from, to);
    }
}
