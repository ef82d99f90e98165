package trm4j.kernels.tornado;

/** What moved between host and device, as TornadoVM's own profiler tells it. */
final class Traffic {

    private long up;
    private long down;

    void add(long up, long down) {
        this.up += up;
        this.down += down;
    }

    /** Bytes brought to the device so far; 24 of them for each kernel that ran. */
    long up() {
        return up;
    }

    /** Bytes brought to the host so far. */
    long down() {
        return down;
    }
}
