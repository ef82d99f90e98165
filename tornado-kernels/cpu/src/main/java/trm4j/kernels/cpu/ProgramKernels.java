package trm4j.kernels.cpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;

/**
 * The kernels of an execution's programs. Where a program has a feed-forward, its kernels depend on the call: what lies
 * between its products is only written where somebody may read it.
 */
final class ProgramKernels {

    private final Kernels kernels;
    private final Map<Program, Map<BitSet, Kernel[]>> made = new IdentityHashMap<>();

    ProgramKernels(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Returns the kernels of each call of a schedule. */
    Kernel[][] of(Schedule schedule) {
        var reads = new LaterReads(schedule);
        var all = new Kernel[schedule.calls().size()][];
        for (int call = 0; call < all.length; call++) {
            var program = schedule.calls().get(call).program();
            all[call] = made.computeIfAbsent(program, _ -> new HashMap<>())
                    .computeIfAbsent(kept(program, reads, call), kept -> make(program, kept));
        }
        return all;
    }

    /** Returns which feed-forwards' gates and ups, and which gated products, a call of a program has to write. */
    private BitSet kept(Program program, LaterReads reads, int call) {
        var kept = new BitSet();
        var operations = program.operations();
        for (int i = 0; i < operations.size(); i++) {
            var found = kernels.feedForward(operations.subList(i, operations.size()));
            if (found.isPresent()) {
                int next = i + FeedForward.OPERATIONS;
                kept.set(i, reads.reaches(call, next, found.get().gate().gateUp()));
                kept.set(i + 1, reads.reaches(call, next, found.get().gate().out()));
            }
        }
        return kept;
    }

    private Kernel[] make(Program program, BitSet kept) {
        var list = new ArrayList<Kernel>();
        var operations = program.operations();
        for (int i = 0; i < operations.size(); ) {
            var found = kernels.feedForward(operations.subList(i, operations.size()));
            list.add(found.isPresent()
                    ? kernels.of(found.get(), kept.get(i), kept.get(i + 1))
                    : kernels.of(operations.get(i)));
            i += found.isPresent() ? FeedForward.OPERATIONS : 1;
        }
        return list.toArray(Kernel[]::new);
    }
}
