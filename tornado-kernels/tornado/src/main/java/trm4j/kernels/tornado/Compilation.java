package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;

/** What some schedules come to on a device, worked out before anything is allocated. */
final class Compilation {

    final List<Program> programs;
    final Map<Program, List<Launch>> launches = new IdentityHashMap<>();
    final Map<Buffer, float[]> constants;
    final Memory memory;
    final Calls calls;

    Compilation(List<Schedule> schedules, Traits traits) {
        programs = Schedule.programs(schedules);
        var kernels = new Kernels(traits, programs);
        for (var program : programs) {
            launches.put(program, program.operations().stream().flatMap(op -> kernels.of(op).stream()).toList());
        }
        constants = kernels.constants();
        var buffers = new ArrayList<>(Schedule.buffers(schedules));
        kernels.buffers().forEach(buffers::add);
        memory = new Memory(buffers);
        calls = new Calls(memory.ints());
        schedules.forEach(s -> calls.add(s, launches::get, memory::start));
    }

    /** Elements of the ints' array, the table of calls included. */
    int ints() {
        return calls.end();
    }

    /** Bytes of all arrays on the device. */
    long bytes() {
        return 4 * (memory.floats() + ints()) + Transfers.BYTES;
    }

    /** All kernels, program by program. */
    Stream<Launch> allLaunches() {
        return programs.stream().flatMap(p -> launches.get(p).stream());
    }
}
