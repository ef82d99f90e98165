package trm4j.kernels.cpu;

/** The elements of rows of one width, cut into parts of a fixed size for the team, wherever rows end. */
final class Segments {

    /** Elements of one part: small enough to share out, large enough to be worth it. */
    private static final int PART = 1 << 14;

    /** Does consecutive elements of one row. */
    @FunctionalInterface
    interface Body {
        void run(int row, int column, int length);
    }

    private final Team team;
    private final int width;
    private final long elements;
    private final Team.Parts parts;

    Segments(Team team, int rows, int width, Body body) {
        this.team = team;
        this.width = width;
        elements = (long) rows * width;
        parts = (part, worker) -> walk(part, body);
    }

    void run() {
        team.run((int) Math.ceilDiv(elements, PART), parts);
    }

    private void walk(int part, Body body) {
        long end = Math.min(elements, (part + 1L) * PART);
        for (long e = (long) part * PART; e < end; ) {
            int row = (int) (e / width);
            int column = (int) (e % width);
            int length = (int) Math.min(end - e, width - column);
            body.run(row, column, length);
            e += length;
        }
    }
}
