package trm4j.gpucheck;

/** How many work-groups fit one multiprocessor of a GPU, by its maker's tables. */
enum Gpu {
    SM_80("sm_80", 65_536, 8, 64, 32, 164 << 10, 1 << 10),
    SM_90("sm_90", 65_536, 8, 64, 32, 228 << 10, 1 << 10),
    /** A compute unit of four SIMDs with 8 waves of 64. */
    GFX90A("gfx90a", 4 * 512 * 64, 8, 4 * 8, 64, 64 << 10, 0),
    /** A work-group processor of four SIMDs with 16 waves of 32. */
    GFX1100("gfx1100", 4 * 1536 * 32, 24, 4 * 16, 32, 128 << 10, 0),
    /** A Xe core of 16 vector engines with 8 threads, which have their 128 registers of 32 bytes to themselves. */
    DG2("dg2", 0, 1, 16 * 8, 16, 128 << 10, 0);

    final String processor;
    private final int registers;
    private final int granule;
    private final int mostWarps;
    private final int warp;
    private final int local;
    private final int reserved;

    /**
     * @param registers of a multiprocessor, of 32 bits; 0 where each thread has its own
     * @param granule in which a thread gets registers
     * @param mostWarps threads in step that it runs at a time
     * @param warp how many threads are in step
     * @param local bytes of local memory
     * @param reserved bytes of it that a work-group takes beside its own
     */
    Gpu(String processor, int registers, int granule, int mostWarps, int warp, int local, int reserved) {
        this.processor = processor;
        this.registers = registers;
        this.granule = granule;
        this.mostWarps = mostWarps;
        this.warp = warp;
        this.local = local;
        this.reserved = reserved;
    }

    /** Returns how many work-groups of so many threads fit. */
    int groups(Usage usage, int threads) {
        int warps = Math.ceilDiv(threads, usage.width() > 0 ? usage.width() : warp);
        int groups = mostWarps / warps;
        if (registers > 0 && usage.registers() > 0) {
            int each = Math.ceilDiv(usage.registers(), granule) * granule * warp;
            groups = Math.min(groups, registers / each / warps);
        }
        if (usage.local() > 0) {
            groups = Math.min(groups, local / (usage.local() + reserved));
        }
        return groups;
    }
}
