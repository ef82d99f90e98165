package trm4j.kernels.contract;

import java.util.stream.IntStream;

/** How operands lie in their buffers: in one of several slots, with other elements before and after. */
public enum Placement {
    ALONE(1, 0, 0),
    AT_AN_OFFSET(1, 5, 3),
    AT_AN_INDEX(3, 7, 2);

    private final int slots;
    private final int before;
    private final int after;

    Placement(int slots, int before, int after) {
        this.slots = slots;
        this.before = before;
        this.after = after;
    }

    int slots() {
        return slots;
    }

    /** Returns the elements before the operand in its slot. */
    int before() {
        return before;
    }

    /** Returns the length of a slot that holds an operand of this size. */
    int slot(int size) {
        return before + size + after;
    }

    /** Returns the slots worth trying: the outermost. */
    IntStream ends() {
        return IntStream.of(0, slots - 1).distinct();
    }
}
