package trm4j.kernels.tornado;

import trm4j.kernels.device.Schedule;

/**
 * The current row of the table of calls, as the host knows it. It goes on as the device's own does, graph by graph,
 * while the host puts work into the device's stream. A library is called from the host, and has the places of its
 * operands from here; so a graph with library calls cannot be recorded to be run again with another row.
 */
final class HostRow {

    /** Where no row begins. */
    private static final int UNKNOWN = 0;

    private final CallTable calls;
    private final int[] cells;
    private int row = UNKNOWN;

    HostRow(CallTable calls) {
        this.calls = calls;
        cells = new int[calls.end()];
        calls.write(cells);
    }

    /** Goes to the first row of a schedule. */
    void begin(Schedule schedule) {
        row = calls.start(schedule);
    }

    /** Whether that is where the device stands. */
    boolean isAt(Schedule schedule) {
        return row == calls.start(schedule);
    }

    /** After a failure, the device may have gone on. */
    void lose() {
        row = UNKNOWN;
    }

    /** Goes on by some columns: those of the graph that has run. */
    void next(int columns) {
        row += columns;
    }

    /** The place of an operand in its array, from a column that is counted from the row's first. */
    int place(int column) {
        return cells[row + column];
    }
}
