package trm4j.benchmarks;

/**
 * @param positions T
 * @param size of a head
 */
record AttentionSize(int batch, int positions, int heads, int size) {

    /** Of q k^T and of the weights' product with v. */
    double forwardFlops() {
        return 2 * product();
    }

    /** Of q k^T once more, and of the gradients with respect to v, the weights, q and k. */
    double backwardFlops() {
        return 5 * product();
    }

    private double product() {
        return 2.0 * batch * heads * positions * positions * size;
    }
}
