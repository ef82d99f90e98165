package trm4j.kernels;

import java.util.Locale;

/**
 * One named array of fixed shape that lives on a device. Two buffers are the same only if they are the
 * same object; a device gives each its own memory, zeroed.
 */
public final class Buffer {

    /** The most elements: those of the largest Java array, with room for what the VM puts before it. */
    public static final int LARGEST = Integer.MAX_VALUE - 64;

    private final String name;
    private final ElementType type;
    private final Shape shape;

    private Buffer(String name, ElementType type, Shape shape) {
        double elements = shape.dimensions().stream().mapToDouble(d -> d).reduce(1, (a, b) -> a * b);
        if (elements > LARGEST) {
            throw new DeviceException(String.format(
                    Locale.ROOT, "Buffer %s %s would hold %,.0f elements, expected at most %,d", name, shape, elements,
                    LARGEST) + "; choose a smaller model, or fewer puzzles at a time.");
        }
        this.name = name;
        this.type = type;
        this.shape = shape;
    }

    /**
     * Makes a buffer.
     *
     * @param type one that devices compute with
     * @throws DeviceException if it would hold more than {@link #LARGEST} elements
     */
    public static Buffer of(String name, ElementType type, int... dimensions) {
        return new Buffer(name, type, Shape.of(dimensions));
    }

    /** Makes a buffer of F32 as {@link #of} does. */
    public static Buffer floats(String name, int... dimensions) {
        return of(name, ElementType.F32, dimensions);
    }

    /** Makes a buffer of I32 as {@link #of} does. */
    public static Buffer ints(String name, int... dimensions) {
        return of(name, ElementType.I32, dimensions);
    }

    /** Returns what messages call it. */
    public String name() {
        return name;
    }

    /** Returns the type of its elements. */
    public ElementType type() {
        return type;
    }

    /** Returns its dimensions. */
    public Shape shape() {
        return shape;
    }

    /** Returns the number of elements, less than 2^31. */
    public int size() {
        return (int) shape.size();
    }

    /** Returns the bytes of all elements. */
    public long bytes() {
        return shape.size() * type.bytes();
    }

    /** Returns the whole buffer. */
    public Tensor all() {
        return new Tensor(this, 0, shape, null, 0);
    }

    /** Returns the part at {@code i} of the outermost dimension. */
    public Tensor at(int i) {
        return all().at(i);
    }

    /** Returns the part of the outermost dimension that {@code index} names when the operation runs. */
    public Tensor at(Index index) {
        return all().at(index);
    }

    @Override
    public String toString() {
        return name + shape;
    }
}
