package trm4j.kernels.cpu;

/** Where a tensor lies in the JVM's memory: an array, and the place its index chooses. */
record View(Object array, int offset, int cursor, int stride) {

    float[] floats() {
        return (float[]) array;
    }

    int[] ints() {
        return (int[]) array;
    }

    /** Returns the first element's place, for these values of the indices. */
    int at(int[] values) {
        return offset + values[cursor] * stride;
    }
}
