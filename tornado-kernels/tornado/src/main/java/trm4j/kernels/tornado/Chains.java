package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;

/**
 * Programs that follow one another wherever they are called, as the blocks of a layer do: they run as one task graph,
 * since TornadoVM waits for the device at the end of each. No program is in two chains, so none is compiled twice.
 */
final class Chains {

    /** Stands before the first call of a schedule, and after the last. */
    private static final Program EDGE = new Program("edge", List.of());

    private final Map<Program, List<Program>> byFirst = new IdentityHashMap<>();
    private final List<List<Program>> all = new ArrayList<>();

    /** Finds the chains of some schedules. */
    Chains(List<Schedule> schedules) {
        var next = new IdentityHashMap<Program, Set<Program>>();
        var previous = new IdentityHashMap<Program, Set<Program>>();
        for (var schedule : schedules) {
            var before = EDGE;
            for (var call : schedule.calls()) {
                link(before, call.program(), next, previous);
                before = call.program();
            }
            link(before, EDGE, next, previous);
        }
        for (var program : Schedule.programs(schedules)) {
            if (follower(only(previous, program), next, previous) != program) {
                var chain = new ArrayList<Program>();
                for (var p = program; p != EDGE; p = follower(p, next, previous)) {
                    chain.add(p);
                }
                byFirst.put(program, List.copyOf(chain));
                all.add(byFirst.get(program));
            }
        }
    }

    private static void link(
            Program first, Program second, Map<Program, Set<Program>> next, Map<Program, Set<Program>> previous) {
        next.computeIfAbsent(first, _ -> identitySet()).add(second);
        previous.computeIfAbsent(second, _ -> identitySet()).add(first);
    }

    private static Set<Program> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** The one program that stands there, or the edge where there are several. */
    private static Program only(Map<Program, Set<Program>> neighbours, Program of) {
        var some = neighbours.get(of);
        return some.size() == 1 ? some.iterator().next() : EDGE;
    }

    /** The program that always follows another, and nothing else; or the edge. */
    private static Program follower(
            Program program, Map<Program, Set<Program>> next, Map<Program, Set<Program>> previous) {
        if (program == EDGE) {
            return EDGE;
        }
        var second = only(next, program);
        return second == EDGE || only(previous, second) == EDGE ? EDGE : second;
    }

    /** Returns all chains, in the order of their first calls. */
    List<List<Program>> all() {
        return all;
    }

    /** Returns the chains that a schedule runs, in order. */
    List<List<Program>> of(Schedule schedule) {
        var chains = new ArrayList<List<Program>>();
        for (int i = 0; i < schedule.calls().size(); i += chains.getLast().size()) {
            chains.add(byFirst.get(schedule.calls().get(i).program()));
        }
        return chains;
    }
}
