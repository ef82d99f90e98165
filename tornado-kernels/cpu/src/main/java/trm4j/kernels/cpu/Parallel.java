package trm4j.kernels.cpu;

/** A kernel in parts that the team shares out; no two of them write the same element. */
final class Parallel implements Kernel {

    /** Does one part. */
    @FunctionalInterface
    interface Body {

        /**
         * Runs.
         *
         * @param values of the indices, for {@link View#at}
         * @param worker who does it: names scratch space nobody else uses
         */
        void run(int[] values, int part, int worker);
    }

    private final Team team;
    private final int parts;
    private final Team.Parts part;
    private int[] values;

    Parallel(Team team, int parts, Body body) {
        this.team = team;
        this.parts = parts;
        part = (number, worker) -> body.run(values, number, worker);
    }

    @Override
    public void run(int[] values) {
        this.values = values;
        team.run(parts, part);
    }
}
