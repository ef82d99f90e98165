package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Operation;

/**
 * What some schedules come to with the kernels of a set, worked out before anything is allocated. All programs share
 * one scratch space: they run one after the other. Operations that are equal share a recipe, and its constants.
 */
final class Compilation {

    final List<Schedule> schedules;
    final Chains chains;
    final Map<Program, List<Launch>> launches = new IdentityHashMap<>();
    final Memory memory;
    final CallTable calls;
    /** How numbers of bfloat16 lie. */
    final Halves halves;
    private final List<Program> programs;
    private final Map<Buffer, float[]> constants = new LinkedHashMap<>();

    /**
     * Works out some schedules.
     *
     * @param device its name, for messages
     * @throws DeviceException if the set has no kernels for an operation
     */
    Compilation(String device, KernelSet set, List<Schedule> schedules) {
        var kernels = new RoundingKernels(set);
        halves = set.halves();
        this.schedules = List.copyOf(schedules);
        chains = new Chains(schedules);
        programs = Schedule.programs(schedules);
        var recipes = new HashMap<Operation, Recipe>();
        int most = 0;
        for (var operation : operations()) {
            var recipe = recipes.computeIfAbsent(operation, op -> recipe(device, kernels, op));
            constants.putAll(recipe.constants());
            most = Math.max(most, recipe.scratch());
        }
        var buffers = new ArrayList<>(Schedule.buffers(schedules));
        var scratch = Buffer.floats("scratch", Math.max(1, most));
        IntFunction<Tensor> space = size -> scratch.all().part(0, size);
        if (most > 0) {
            buffers.add(scratch);
        }
        buffers.addAll(constants.keySet());
        for (var program : programs) {
            var all = new ArrayList<Launch>();
            for (var operation : program.operations()) {
                all.addAll(recipes.get(operation).launches(space));
                if (set.goesOnAfterEach()) {
                    all.add(Launch.NEXT);
                }
            }
            launches.put(program, List.copyOf(all));
        }
        memory = new Memory(buffers);
        for (var recipe : recipes.values()) {
            recipe.halves().forEach((halves, offset) -> memory.share(halves, scratch, offset));
        }
        calls = new CallTable(memory.ints());
        schedules.forEach(s -> calls.add(s, launches::get, memory::start));
    }

    private List<Operation> operations() {
        return programs.stream().flatMap(p -> p.operations().stream()).toList();
    }

    private static Recipe recipe(String device, KernelSet kernels, Operation operation) {
        return kernels.recipe(operation)
                .orElseThrow(() -> new DeviceException("Device " + device + " has no kernels for the operation "
                        + operation.name() + " in its kernel set " + kernels.name()
                        + "; choose another device, or another set (-D" + KernelSets.PROPERTY + ")."));
    }

    /** The ints as they are before anything runs: the table of calls, and zeros. */
    int[] firstInts() {
        var ints = new int[calls.end()];
        calls.write(ints);
        return ints;
    }

    /** The floats as they are before anything runs: the kernels' constants, and zeros. */
    float[] firstFloats() {
        var floats = new float[(int) memory.floats()];
        constants.forEach((buffer, values) ->
                System.arraycopy(values, 0, floats, memory.start(buffer), values.length));
        return floats;
    }

    /** Bytes of all arrays on the device. */
    long bytes() {
        return 4 * (memory.floats() + calls.end()) + Transfers.BYTES;
    }

    /** All kernels, program by program. */
    Stream<Launch> allLaunches() {
        return programs.stream().flatMap(p -> launches.get(p).stream());
    }
}
