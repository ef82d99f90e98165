package trm4j.kernels.tornado;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;

/** How a kernel set does one operation: the launches of its kernels, and what they need beside its operands. */
final class Recipe {

    private final int scratch;
    private final Map<Buffer, float[]> constants;
    private final Map<Buffer, Integer> halves;
    private final Function<IntFunction<Tensor>, List<Launch>> launches;

    private Recipe(
            int scratch, Map<Buffer, float[]> constants, Map<Buffer, Integer> halves,
            Function<IntFunction<Tensor>, List<Launch>> launches) {
        this.scratch = scratch;
        this.constants = constants;
        this.halves = halves;
        this.launches = launches;
    }

    /** Returns a recipe of some launches, one after the other, that need nothing else. */
    static Recipe of(Launch... launches) {
        var all = List.of(launches);
        return new Recipe(0, Map.of(), Map.of(), _ -> all);
    }

    /** Returns a recipe whose launches need scratch space of some elements, at least 1, which they are given. */
    static Recipe withScratch(int elements, Function<Tensor, List<Launch>> launches) {
        return new Recipe(elements, Map.of(), Map.of(), space -> launches.apply(space.apply(elements)));
    }

    /**
     * Returns a recipe of other launches around those of another one.
     *
     * @param aside what lies in scratch space, in addition to the other's
     * @param launches made of that space, and of the other's launches
     */
    static Recipe around(Recipe inner, StandIns aside, BiFunction<Tensor, List<Launch>, List<Launch>> launches) {
        int elements = aside.size();
        int both = Math.addExact(elements, inner.scratch);
        return new Recipe(both, inner.constants, aside.halves(), space -> {
            var scratch = both > 0 ? space.apply(both) : null;
            return launches.apply(
                    elements > 0 ? scratch.part(0, elements) : null,
                    inner.launches(more -> scratch.part(elements, more)));
        });
    }

    /** Returns a recipe of a launch that reads a buffer of its own, whose values never change. */
    static Recipe withConstant(Buffer buffer, float[] values, Launch launch) {
        return new Recipe(0, Map.of(buffer, values), Map.of(), _ -> List.of(launch));
    }

    /** Returns the elements of scratch space that it needs, with anything in them before and after. */
    int scratch() {
        return scratch;
    }

    /** Returns buffers of bfloat16 that lie in scratch space, with the floats before them there. */
    Map<Buffer, Integer> halves() {
        return halves;
    }

    /** Returns the buffers of its own, with their values. */
    Map<Buffer, float[]> constants() {
        return constants;
    }

    /**
     * Returns its launches, in order.
     *
     * @param space makes scratch space of some elements; asked only where {@link #scratch} is more than 0
     */
    List<Launch> launches(IntFunction<Tensor> space) {
        return launches.apply(space);
    }
}
