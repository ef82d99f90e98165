package trm4j.kernels;

/** What a buffer holds: 32-bit floats or 32-bit integers, 4 bytes each. */
public enum ElementType {
    F32,
    I32;

    /** Bytes of one element. */
    public static final int BYTES = 4;
}
