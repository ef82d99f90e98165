package trm4j.kernels.cpu;

/**
 * Sums of the chunks of a batch, aside in memory one behind the other, and how they get into C: added up in their
 * order, turned if C is their transpose, and rounded once if C is of bfloat16 or a factor is.
 *
 * @param sums of chunk number i at i*height*width, row by row
 * @param turned whether C is the transpose of a sum
 * @param adds whether they are added to C
 */
record ChunkSums(
        float[] sums, int chunks, int height, int width, Matrix c, boolean turned, boolean adds, boolean rounds) {

    /** Where the sums of a chunk are. */
    int at(int chunk) {
        return chunk * height * width;
    }

    /**
     * Adds up rows [first, end) of all chunks, and puts them into their places.
     *
     * @param cAt where C starts
     * @param space for a row of C
     */
    void put(int first, int end, int cAt, float[] space) {
        int at = first * width;
        int count = (end - first) * width;
        for (int chunk = 1; chunk < chunks; chunk++) {
            CopyKernels.add(sums, at, sums, at(chunk) + at, sums, at, count);
        }
        if (turned) {
            turn(first, end, cAt);
            return;
        }
        for (int i = first; i < end; i++) {
            int to = cAt + i * c.row();
            if (rounds) {
                RoundedSums.put(sums, i * width, c.view(), to, width, adds, space);
            } else if (adds) {
                CopyKernels.add(c.view().floats(), to, sums, i * width, c.view().floats(), to, width);
            } else {
                System.arraycopy(sums, i * width, c.view().floats(), to, width);
            }
        }
    }

    private void turn(int first, int end, int cAt) {
        if (rounds) {
            Halves.round(sums, first * width, (end - first) * width);
        }
        var to = c.view();
        for (int j = 0; j < width; j++) {
            for (int i = first, at = cAt + j * c.row(); i < end; i++) {
                to.set(at + i, adds ? to.get(at + i) + sums[i * width + j] : sums[i * width + j]);
            }
        }
    }
}
