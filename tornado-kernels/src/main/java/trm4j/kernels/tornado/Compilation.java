package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;

/** What some schedules come to on a device, worked out before anything is allocated. */
final class Compilation {

    final List<Program> programs;
    final Map<Program, List<Launch>> launches = new IdentityHashMap<>();
    final Map<Buffer, float[]> constants;
    final Arenas arenas;
    final Calls calls;

    /**
     * Works it out.
     *
     * @param largestArray elements that the device takes in one piece
     */
    Compilation(List<Schedule> schedules, Traits traits, int largestArray) {
        Map<Program, Boolean> seen = new IdentityHashMap<>();
        programs = schedules.stream()
                .flatMap(s -> s.calls().stream())
                .map(Schedule.Call::program)
                .filter(p -> seen.put(p, true) == null)
                .toList();
        var kernels = new Kernels(traits, programs);
        for (var program : programs) {
            launches.put(program, program.operations().stream().flatMap(op -> kernels.of(op).stream()).toList());
        }
        constants = kernels.constants();
        var buffers = new ArrayList<>(Device.buffers(schedules));
        kernels.buffers().forEach(buffers::add);
        arenas = new Arenas(buffers, largestArray);
        calls = new Calls(arenas.ints());
        schedules.forEach(s -> calls.add(s, launches::get, arenas::start));
    }

    /** Elements of the ints' array, the table of calls included. */
    int ints() {
        return calls.end();
    }

    /** Bytes of all arrays on the device. */
    long bytes() {
        long floats = arenas.floats().stream().mapToLong(size -> size).sum();
        return 4 * (floats + ints()) + Transfers.bytes();
    }

    /** All kernels, program by program. */
    Stream<Launch> allLaunches() {
        return programs.stream().flatMap(p -> launches.get(p).stream());
    }
}
