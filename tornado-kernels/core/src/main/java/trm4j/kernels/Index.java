package trm4j.kernels;

/**
 * A number that is chosen each time a program runs: which layer, which slot of saved activations, which
 * micro-batch. It lets one program serve them all.
 *
 * @param count its values are 0 .. count-1
 */
public record Index(String name, int count) {

    public Index {
        if (count < 1) {
            throw new IllegalArgumentException("index " + name + " needs at least one value, found " + count);
        }
    }
}
