package trm4j.kernels.cpu;

import trm4j.kernels.Tensor;

/** Where a tensor lies in the JVM's memory: an array, and the place its index chooses. */
record View(Object array, int offset, int cursor, int stride) {

    static View of(Tensor tensor, Memory memory) {
        var index = tensor.index();
        return new View(
                memory.array(tensor.buffer()), tensor.offset(), index == null ? 0 : memory.cursor(index),
                tensor.stride());
    }

    float[] floats() {
        return (float[]) array;
    }

    int[] ints() {
        return (int[]) array;
    }

    /** The first element's place, for these values of the indices. */
    int at(int[] values) {
        return offset + values[cursor] * stride;
    }
}
