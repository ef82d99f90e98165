package trm4j.kernels.cpu;

import trm4j.kernels.Bfloat16;

/**
 * Where a tensor lies in the JVM's memory: an array, and the place its index chooses. Kernels of floats take numbers of
 * bfloat16 too, by {@link #read}, {@link #target} and {@link #write}; of floats, these give the array itself.
 */
record View(Object array, int offset, int cursor, int stride) {

    float[] floats() {
        return (float[]) array;
    }

    int[] ints() {
        return (int[]) array;
    }

    /** Tells whether the numbers are of bfloat16, so that what is computed of them is rounded. */
    boolean rounds() {
        return array instanceof short[];
    }

    /** Returns the first element's place, for these values of the indices. */
    int at(int[] values) {
        return offset + values[cursor] * stride;
    }

    /**
     * Returns an array that has the numbers from a place on, there where {@link #place} says.
     *
     * @param space takes them where they are not floats
     */
    float[] read(int at, int n, float[] space) {
        if (array instanceof short[] numbers) {
            Halves.widen(numbers, at, space, 0, n);
            return space;
        }
        return (float[]) array;
    }

    /** Returns where in the array of {@link #read} or {@link #target} the number at a place is. */
    int place(int at) {
        return rounds() ? 0 : at;
    }

    /** Returns an array to write numbers to, which {@link #write} then puts into their place. */
    float[] target(float[] space) {
        return rounds() ? space : (float[]) array;
    }

    /** Puts numbers that were written to {@link #target} into their place. */
    void write(float[] space, int at, int n) {
        if (array instanceof short[] numbers) {
            Halves.narrow(space, 0, numbers, at, n);
        }
    }

    /** Returns a single number. */
    float get(int at) {
        return array instanceof short[] numbers ? Bfloat16.value(numbers[at]) : ((float[]) array)[at];
    }

    /** Sets a single number. */
    void set(int at, float value) {
        if (array instanceof short[] numbers) {
            numbers[at] = Bfloat16.of(value);
        } else {
            ((float[]) array)[at] = value;
        }
    }
}
