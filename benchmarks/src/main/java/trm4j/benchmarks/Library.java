package trm4j.benchmarks;

/** Whose implementation is timed. */
public enum Library {
    /** The cpu device. */
    TRM4J("trm4j"),
    /** OpenBLAS, called through its Java binding (org.bytedeco:openblas), on memory outside the Java heap. */
    OPENBLAS("OpenBLAS"),
    /** PyTorch, as the array operations of DJL (ai.djl:api). */
    DJL("DJL"),
    /** PyTorch, as a TorchScript program that DJL loads: it has operations that DJL's arrays do not have. */
    TORCHSCRIPT("TorchScript");

    private final String label;

    Library(String label) {
        this.label = label;
    }

    /** What tables call it. */
    String label() {
        return label;
    }
}
