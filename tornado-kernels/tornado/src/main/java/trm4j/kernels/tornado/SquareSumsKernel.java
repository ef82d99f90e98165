package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.SquareSums;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/** Sums of squares; where they are too few to keep a device busy, each is done in parts that are added up. */
final class SquareSumsKernel {

    /** Threads of a work-group, and work-groups for each that runs at a time, which hide how long memory takes. */
    private static final int GROUP = 256;
    private static final int GROUPS_OF_UNIT = 4;

    // The columns of a row.
    private static final int X = 0, SUMS = 1, COUNT = 2, PARTS = 3, N = 4, LENGTH = 5, END = 6;

    private SquareSumsKernel() {}

    /** Each thread does one part of a sum; neighbours go through neighbouring elements. */
    static void squareSums(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int xAt = ints[row + X];
        int sumsAt = ints[row + SUMS];
        int sums = ints[row + COUNT];
        int parts = ints[row + PARTS];
        int n = ints[row + N];
        int length = ints[row + LENGTH];
        for (@Parallel int i = 0; i < parts; i++) {
            CallTable.count(ints, i);
            int part = i / sums;
            int end = n;
            if ((part + 1) * length < n) {
                end = (part + 1) * length;
            }
            float sum = 0;
            for (int j = part * length + i - part * sums; j < end; j += sums) {
                float x = f[xAt + j];
                sum += x * x;
            }
            f[sumsAt + i] = sum;
        }
    }

    /** For processors, and whole vectors of sums. Each thread does one vector of them. */
    static void squareSumsVectors(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int sums = ints[row + COUNT];
        int parts = ints[row + PARTS];
        int n = ints[row + N];
        int whole = n / sums;
        for (@Parallel int i = 0; i < parts; i++) {
            CallTable.count(ints, i);
            int x = ints[row + X] + i * Lanes.COUNT;
            int to = ints[row + SUMS] + i * Lanes.COUNT;
            Float16 squares = Lanes.all(0f);
            for (int j = 0; j < whole; j++) {
                Float16 v = Lanes.load(f, x + j * sums);
                squares = Float16.add(squares, Float16.mult(v, v));
            }
            Lanes.store(f, to, squares);
            int rest = Math.min(n - whole * sums - i * Lanes.COUNT, Lanes.COUNT);
            for (int c = 0; c < rest; c++) {
                float v = f[x + whole * sums + c];
                f[to + c] = f[to + c] + v * v;
            }
        }
    }

    /** Returns a recipe for processors, if sums are of whole vectors. */
    static Recipe vectors(SquareSums op) {
        int vectors = op.sums().size() / Lanes.COUNT;
        return Recipe.of(row(op, op.sums(), vectors, 0)
                .on(Threads.alone(vectors), caller -> caller.loop(SquareSumsKernel::squareSumsVectors)));
    }

    static boolean isOfVectors(SquareSums op) {
        return op.sums().size() % Lanes.COUNT == 0;
    }

    /** Returns a recipe without parts. */
    static Recipe of(SquareSums op) {
        return Recipe.of(launch(op, op.sums(), 1));
    }

    /**
     * Returns a recipe for many threads.
     *
     * @param units how many work-groups run at a time, roughly
     */
    static Recipe of(SquareSums op, int units) {
        int sums = op.sums().size();
        int most = Math.ceilDiv(op.x().size(), sums);
        int parts = Math.clamp((long) units * GROUPS_OF_UNIT * GROUP / sums, 1, most);
        if (parts == 1) {
            return of(op);
        }
        return Recipe.withScratch(Math.multiplyExact(parts, sums), scratch -> List.of(
                launch(op, scratch, parts), PartSums.of("squareSums parts", scratch, op.sums(), false)));
    }

    private static Launch launch(SquareSums op, Tensor to, int parts) {
        int sums = op.sums().size();
        int length = Math.ceilDiv(Math.ceilDiv(op.x().size(), sums), parts) * sums;
        return row(op, to, to.size(), length)
                .on(Threads.of(to.size()), caller -> caller.loop(SquareSumsKernel::squareSums));
    }

    private static Launch.Row row(SquareSums op, Tensor to, int parts, int length) {
        return Launch.of("squareSums", END)
                .operand(X, op.x())
                .operand(SUMS, to)
                .size(COUNT, op.sums().size())
                .size(PARTS, parts)
                .size(N, op.x().size())
                .size(LENGTH, length);
    }
}
