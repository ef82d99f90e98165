package trm4j.model.config;

/**
 * How deep a supervision step is.
 *
 * @param hCycles times z_H is updated, at least 1
 * @param lCycles times z_L is updated for each time z_H is, at least 1
 */
public record Depth(int hCycles, int lCycles) {

    public Depth {
        if (hCycles < 1 || lCycles < 1) {
            throw new IllegalArgumentException("depth " + hCycles + "x" + lCycles);
        }
    }

    /** Returns how often a supervision step evaluates the net. */
    public int evaluations() {
        return hCycles * (lCycles + 1);
    }

    /** Returns {@code 2x4} for 2 updates of z_H with 4 of z_L each. */
    @Override
    public String toString() {
        return hCycles + "x" + lCycles;
    }
}
