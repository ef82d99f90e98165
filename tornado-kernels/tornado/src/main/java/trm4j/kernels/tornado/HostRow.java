package trm4j.kernels.tornado;

import trm4j.kernels.device.Schedule;

/**
 * The current row of the table of calls, as the host knows it. It goes on as the device's own does, program by program,
 * while the host puts work into the device's stream. A library is called from the host, and has the places of its
 * operands from here; so a program with library calls cannot be recorded to be run again with another row.
 */
final class HostRow {

    private final CallTable calls;
    private int row;

    HostRow(CallTable calls) {
        this.calls = calls;
    }

    /** Goes to the first row of a schedule. */
    void begin(Schedule schedule) {
        row = calls.firstRow(schedule);
    }

    /** Goes on to the next row. */
    void next() {
        row++;
    }

    /** The place of an operand in its array. */
    int place(int column) {
        return calls.row(row)[column];
    }
}
