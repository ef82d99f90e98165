package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * The table of calls: for each call of each schedule a row with the places of all operands, and the sizes.
 * It lies on the device, behind the buffers of ints. What differs between two calls of a program is only the
 * row that its kernels read, and they go on to the next row by themselves, so that a schedule runs without the
 * host saying anything.
 *
 * <p>The first two of the ints say where the current row begins, and how many kernels have run. A kernel that
 * the driver did not launch, which TornadoVM would not tell, is missing in that number.
 */
final class CallTable {

    static final int ROW = 0;
    static final int RAN = 1;

    private final Map<Schedule, Integer> starts = new IdentityHashMap<>();
    private final List<int[]> rows = new ArrayList<>();
    private final int start;
    private int end;

    /** A table whose rows begin at a cell of the ints. */
    CallTable(int start) {
        this.start = start;
        end = start;
    }

    /** Rows for all calls of a schedule. */
    void add(Schedule schedule, Function<Program, List<Launch>> launches, Function<Buffer, Integer> starts) {
        this.starts.put(schedule, end);
        for (var call : schedule.calls()) {
            var row = row(launches.apply(call.program()), call.values(), starts);
            rows.add(row);
            end = Math.addExact(end, row.length);
        }
    }

    private static int[] row(
            List<Launch> launches, Map<Index, Integer> values, Function<Buffer, Integer> starts) {
        var row = new int[width(launches)];
        for (var place : RowPlace.of(launches)) {
            int column = place.first();
            for (var operand : place.launch().operands()) {
                row[column++] = starts.apply(operand.buffer()) + place(operand, values);
            }
            for (int size : place.launch().sizes()) {
                row[column++] = size;
            }
        }
        return row;
    }

    private static int place(Tensor tensor, Map<Index, Integer> values) {
        return tensor.offset() + (tensor.index() == null ? 0 : values.get(tensor.index()) * tensor.stride());
    }

    /** The columns of a program's rows. */
    static int width(List<Launch> launches) {
        return launches.isEmpty() ? 0 : RowPlace.of(launches).getLast().end();
    }

    boolean has(Schedule schedule) {
        return starts.containsKey(schedule);
    }

    /** Where a schedule's first row begins. */
    int start(Schedule schedule) {
        return starts.get(schedule);
    }

    /** The cell after the last row. */
    int end() {
        return end;
    }

    /** Writes all rows to their cells. */
    void write(int[] cells) {
        int at = start;
        for (var row : rows) {
            System.arraycopy(row, 0, cells, at, row.length);
            at += row.length;
        }
    }

    /** Counts a kernel, once: {@code thread} 0 does it. */
    static void count(int[] ints, int thread) {
        if (thread == 0) {
            ints[RAN] = ints[RAN] + 1;
        }
    }

    /** Goes on by some columns, to the next row. One thread. */
    static void next(int[] ints, int width) {
        for (@Parallel int i = 0; i < 1; i++) {
            count(ints, i);
            ints[ROW] = ints[ROW] + width;
        }
    }
}
