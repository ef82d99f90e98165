package trm4j.kernels;

/**
 * A contiguous part of a buffer, seen in a shape: what an operation reads or writes. Its first element is
 * at {@code offset + stride * value of index}.
 *
 * @param index chosen at run time, or null where the place is fixed
 * @param stride elements between two values of the index, 0 without one
 */
public record Tensor(Buffer buffer, int offset, Shape shape, Index index, int stride) {

    public Tensor {
        var last = offset + (index == null ? 0 : (index.count() - 1L) * stride) + shape.size();
        if (offset < 0 || last > buffer.size()) {
            throw new IllegalArgumentException("a part " + shape + " at " + offset + " does not lie in " + buffer);
        }
    }

    /** Returns the part at {@code i} of the outermost dimension. */
    public Tensor at(int i) {
        if (i < 0 || i >= shape.dim(0)) {
            throw new IllegalArgumentException("there is no part " + i + " of " + this);
        }
        var inner = shape.inner();
        return new Tensor(buffer, Math.toIntExact(offset + i * inner.size()), inner, index, stride);
    }

    /** Returns the part of the outermost dimension that {@code index} names when the operation runs. */
    public Tensor at(Index index) {
        if (this.index != null || index.count() > shape.dim(0)) {
            throw new IllegalArgumentException(index + " cannot choose a part of " + this);
        }
        var inner = shape.inner();
        return new Tensor(buffer, offset, inner, index, (int) inner.size());
    }

    /** Returns the same elements in another shape. */
    public Tensor as(int... dimensions) {
        var other = Shape.of(dimensions);
        if (other.size() != shape.size()) {
            throw new IllegalArgumentException(this + " cannot be seen as " + other);
        }
        return new Tensor(buffer, offset, other, index, stride);
    }

    /** Returns the elements from {@code from} on, in a shape. */
    public Tensor part(int from, int... dimensions) {
        var part = Shape.of(dimensions);
        if (from < 0 || from + part.size() > shape.size()) {
            throw new IllegalArgumentException("a part " + part + " at " + from + " does not lie in " + this);
        }
        return new Tensor(buffer, offset + from, part, index, stride);
    }

    /** Returns the type of its elements. */
    public ElementType type() {
        return buffer.type();
    }

    /** Returns the dimension on an axis; negative axes count from the innermost, -1. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return shape.rank();
    }

    /** Returns the number of elements. */
    public int size() {
        return (int) shape.size();
    }

    /** Returns the bytes of all its elements. */
    public long bytes() {
        return bytes(shape.size());
    }

    /** Returns the bytes of so many elements like its own. */
    public long bytes(long elements) {
        return elements * type().bytes();
    }

    @Override
    public String toString() {
        return buffer.name() + shape;
    }
}
