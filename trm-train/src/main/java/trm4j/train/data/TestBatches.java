package trm4j.train.data;

import java.util.Iterator;
import java.util.stream.IntStream;
import trm4j.model.Batch;

/** Every example of a dataset once, in order, in batches of one size; the last is filled up with padding. */
public final class TestBatches implements Iterable<TestBatches.Part> {

    /**
     * A batch whose first {@code real} rows are the examples from {@code first} on.
     *
     * @param first the number of its first example
     * @param real how many rows are examples, at least 1; the others have no labels
     */
    public record Part(Batch batch, int first, int real) {}

    private final PuzzleDataset dataset;
    private final int batchSize;

    public TestBatches(PuzzleDataset dataset, int batchSize) {
        this.dataset = dataset;
        this.batchSize = batchSize;
    }

    /** The number of batches. */
    public int count() {
        return Math.ceilDiv(dataset.examples(), batchSize);
    }

    @Override
    public Iterator<Part> iterator() {
        return IntStream.range(0, count()).mapToObj(this::part).iterator();
    }

    private Part part(int index) {
        int first = index * batchSize;
        int real = Math.min(batchSize, dataset.examples() - first);
        var examples = IntStream.range(first, first + real).toArray();
        return new Part(dataset.batch(examples, batchSize), first, real);
    }
}
