package trm4j.kernels.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.op.Operation;

/**
 * Programs in the order they run, each with the values of its indices: all that a device needs to go
 * through a training step without asking the host.
 */
public record Schedule(String name, List<Call> calls) {

    public Schedule {
        calls = List.copyOf(calls);
    }

    /** One run of a program. */
    public record Call(Program program, Map<Index, Integer> values) {

        public Call {
            values = Map.copyOf(values);
            if (!values.keySet().equals(program.indices())) {
                throw new IllegalArgumentException(
                        program.name() + " needs " + program.indices() + ", found " + values.keySet());
            }
            values.forEach((index, value) -> {
                if (value < 0 || value >= index.count()) {
                    throw new IllegalArgumentException(program.name() + ": no " + index + " " + value);
                }
            });
        }
    }

    /** Returns the multiplications and additions of all matrix products that it takes. */
    public long flops() {
        return calls.stream()
                .flatMap(call -> call.program.operations().stream())
                .mapToLong(Operation::flops)
                .sum();
    }

    /** Returns each program that some schedules call, once, in the order of their first calls. */
    public static List<Program> programs(List<Schedule> schedules) {
        var programs = Collections.<Program>newSetFromMap(new IdentityHashMap<>());
        return schedules.stream()
                .flatMap(schedule -> schedule.calls.stream())
                .map(Call::program)
                .filter(programs::add)
                .toList();
    }

    /** Returns every buffer that some schedules read or write. */
    public static Set<Buffer> buffers(List<Schedule> schedules) {
        var buffers = new LinkedHashSet<Buffer>();
        programs(schedules).forEach(program -> buffers.addAll(program.buffers()));
        return buffers;
    }

    /** Returns a builder of the schedule of a name. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Collects calls; an index that was set stays set for the calls that follow. */
    public static final class Builder {

        private final String name;
        private final List<Call> calls = new ArrayList<>();
        private final Map<Index, Integer> values = new HashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        /** Sets an index for the calls that follow. */
        public Builder with(Index index, int value) {
            values.put(index, value);
            return this;
        }

        /**
         * Adds a call.
         *
         * @throws IllegalArgumentException if one of the program's indices was not set
         */
        public Builder run(Program program) {
            var bound = new HashMap<Index, Integer>();
            for (var index : program.indices()) {
                var value = values.get(index);
                if (value == null) {
                    throw new IllegalArgumentException(program.name() + " needs " + index);
                }
                bound.put(index, value);
            }
            calls.add(new Call(program, bound));
            return this;
        }

        /** Returns the schedule of the calls so far. */
        public Schedule build() {
            return new Schedule(name, calls);
        }
    }
}
