package trm4j.train.data;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import trm4j.model.Batch;
import trm4j.train.DatasetException;
import trm4j.train.Plural;

/**
 * Draws full batches at random, pass after pass, without an end.
 *
 * <p>A pass takes every group of a data set {@code epochsPerPass} times, each time in another order; of several data
 * sets, the passes take one after the other, as the authors' loader does. A group contributes one of
 * its puzzles, and the puzzle its examples in random order, as many as the batch has room for. What does not fill
 * a batch at the end of a pass is dropped. The seed, the pass and the number of the batch settle everything, so
 * training can go on where it was.
 */
public final class TrainBatches {

    /** A place in the sequence: {@code batch} batches of pass {@code pass} have been taken, both from 0. */
    public record Position(long pass, long batch) {}

    private final List<PuzzleDataset> sets;
    private final int batchSize;
    private final int epochsPerPass;
    private final long seed;

    private final int[] examples;
    /** Of the examples of a batch, those that are given. */
    private final int from;
    private final int to;
    private final Batch next;
    private PuzzleDataset dataset;
    private int[] groups = {};
    private SplittableRandom random;
    private long pass;
    private long batch;
    private int epoch;
    private int nextGroup;
    private int[] shuffled = {};

    /**
     * Starts at the first batch of the first pass over a single data set.
     *
     * @param batchSize the examples in a batch, at least 1
     * @param epochsPerPass how often a pass takes each group, at least 1
     * @throws DatasetException if no pass can fill a batch
     */
    public TrainBatches(PuzzleDataset dataset, int batchSize, int epochsPerPass, long seed) {
        this(List.of(dataset), batchSize, epochsPerPass, seed, 0, batchSize);
    }

    /**
     * Starts at the first batch of the first pass.
     *
     * @param batchSize the examples in a batch, at least 1
     * @param epochsPerPass how often a pass takes each group, at least 1
     * @throws DatasetException if a pass over one of the sets cannot fill a batch
     */
    public TrainBatches(TrainingSets sets, int batchSize, int epochsPerPass, long seed) {
        this(sets, batchSize, epochsPerPass, seed, 0, batchSize);
    }

    /**
     * Starts at the first batch of the first pass, to give a part of each batch: the examples {@code from .. to - 1}.
     *
     * @param batchSize the examples in a batch, at least 1
     * @param epochsPerPass how often a pass takes each group, at least 1
     * @throws DatasetException if a pass over one of the sets cannot fill a batch
     */
    public TrainBatches(TrainingSets sets, int batchSize, int epochsPerPass, long seed, int from, int to) {
        this(sets.sets(), batchSize, epochsPerPass, seed, from, to);
    }

    private TrainBatches(
            List<PuzzleDataset> sets, int batchSize, int epochsPerPass, long seed, int from, int to) {
        this.sets = sets;
        this.batchSize = batchSize;
        this.epochsPerPass = epochsPerPass;
        this.seed = seed;
        this.from = from;
        this.to = to;
        sets.forEach(this::requireBatch);
        examples = new int[batchSize];
        next = sets.getFirst().emptyBatch(to - from);
        startPass(0);
    }

    private void requireBatch(PuzzleDataset dataset) {
        int groups = dataset.groups();
        long most = epochsPerPass
                * IntStream.range(0, groups).mapToLong(group -> largestPuzzle(dataset, group)).sum();
        if (most < batchSize) {
            throw new DatasetException("The training set is too small for one batch: expected at least "
                    + Plural.count(batchSize, "example") + " in a pass of " + Plural.count(epochsPerPass, "epoch")
                    + " over " + Plural.count(groups, "group") + ", found at most " + most
                    + "; choose a smaller batch size, more epochs per pass, or a larger dataset.");
        }
    }

    private static int largestPuzzle(PuzzleDataset dataset, int group) {
        return IntStream.range(dataset.firstPuzzle(group), dataset.firstPuzzle(group + 1))
                .map(puzzle -> dataset.firstExample(puzzle + 1) - dataset.firstExample(puzzle))
                .max().orElseThrow();
    }

    /** Returns the place of the batch that comes next. */
    public Position position() {
        return new Position(pass, batch);
    }

    /**
     * Goes to a position that {@link #position()} gave, with the same dataset, sizes and seed; it draws what comes
     * before in that pass again, without reading any puzzle.
     *
     * @throws DatasetException if the pass has fewer batches
     */
    public void seek(Position position) {
        startPass(position.pass());
        while (batch < position.batch()) {
            if (!draw()) {
                throw new DatasetException("Pass " + pass + " over the training set has " + batch
                        + (batch == 1 ? " batch" : " batches") + ", expected at least " + position.batch()
                        + " to go on from there; use the dataset, batch size and epochs that training began with.");
            }
        }
    }

    /** Returns the next full batch, or the part of it that is given, in the same arrays each time. */
    public Batch next() {
        while (!draw()) {
            startPass(pass + 1);
        }
        dataset.fill(next, from, examples);
        return next;
    }

    private void startPass(long number) {
        // Mixed twice: with seed + pass alone, the passes of one seed would be those of the next, one later.
        random = new SplittableRandom(new SplittableRandom(seed).nextLong() + number).split();
        pass = number;
        batch = 0;
        epoch = 0;
        dataset = sets.get((int) (number % sets.size()));
        if (groups.length != dataset.groups()) {
            groups = new int[dataset.groups()];
        }
        nextGroup = groups.length;
        Arrays.setAll(groups, group -> group);
    }

    /** Draws the examples of the next batch of this pass; whether what is left of it fills one. */
    private boolean draw() {
        int filled = 0;
        while (filled < batchSize) {
            if (nextGroup == groups.length) {
                if (epoch == epochsPerPass) {
                    return false;
                }
                epoch++;
                nextGroup = 0;
                RandomOrder.shuffle(groups, groups.length, random);
            }
            filled += drawPuzzle(groups[nextGroup++], filled);
        }
        batch++;
        return true;
    }

    private int drawPuzzle(int group, int at) {
        int puzzle = random.nextInt(dataset.firstPuzzle(group), dataset.firstPuzzle(group + 1));
        int first = dataset.firstExample(puzzle);
        int size = dataset.firstExample(puzzle + 1) - first;
        int taken = Math.min(size, batchSize - at);
        if (shuffled.length < size) {
            shuffled = new int[size];
        }
        for (int i = 0; i < size; i++) {
            shuffled[i] = first + i;
        }
        RandomOrder.shuffle(shuffled, size, random);
        System.arraycopy(shuffled, 0, examples, at, taken);
        return taken;
    }
}
