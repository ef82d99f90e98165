package trm4j.kernels.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;

/** FLOPs and bytes, against figures worked out by hand. */
class CostTest {

    private record Cost(long flops, long bytes) {

        static Cost of(Operation operation) {
            return new Cost(operation.flops(), operation.bytes());
        }
    }

    @Test
    void ofProducts() {
        // 2 * 5 * 11 * 7 = 770; reads 35 + 77, writes 55.
        var one = MatMul.set(f(5, 7), false, f(7, 11), false, f(5, 11));
        assertEquals(new Cost(770, 4 * (35 + 77 + 55)), Cost.of(one));
        // Three of them into one sum, which is read too.
        var sum = MatMul.add(f(3, 7, 5), true, f(3, 7, 11), false, f(5, 11));
        assertEquals(new Cost(3 * 770, 4 * (3 * 35 + 3 * 77 + 2 * 55)), Cost.of(sum));
        // One matrix for a batch is read once.
        var shared = MatMul.set(f(5, 7), false, f(3, 7, 11), false, f(3, 5, 11));
        assertEquals(new Cost(3 * 770, 4 * (35 + 3 * 77 + 3 * 55)), Cost.of(shared));
    }

    @Test
    void ofAttention() {
        // 2 puzzles, T 5, 4 heads of 6: a product of 5 x 5 x 6 is 300 FLOPs, 2,400 for all heads.
        var qkv = f(2, 5, 3, 4, 6);
        var out = f(2, 5, 4, 6);
        var sums = f(2, 4, 5);
        var forward = new Attention.Forward(qkv, out, sums);
        assertEquals(new Cost(2 * 2400, 4 * (720 + 240 + 40)), Cost.of(forward));
        var backward = new Attention.Backward(qkv, out, sums, f(2, 5, 4, 6), f(2, 5, 3, 4, 6));
        assertEquals(new Cost(5 * 2400, 4 * (720 + 240 + 40 + 240 + 720)), Cost.of(backward));
    }

    @Test
    void ofChainsOfMultiplyAdds() {
        assertEquals(new Cost(2 * 100 * 9, 4 * 200), Cost.of(new FmaChain(f(100), 0.5f, 0.5f, 9)));
    }

    @Test
    void ofNumbersMoved() {
        assertEquals(new Cost(0, 4 * 400), Cost.of(new Add(List.of(f(100), f(100), f(100)), f(100))));
        assertEquals(new Cost(0, 400), Cost.of(new Fill(f(100), 1)));
        assertEquals(new Cost(0, 4 * 2 * 3 * 8), Cost.of(new CopyColumns(f(3, 20), 2, f(3, 9), 0, 8, 1, false)));
        assertEquals(new Cost(0, 4 * 3 * 3 * 8), Cost.of(new CopyColumns(f(3, 20), 2, f(3, 9), 0, 8, 1, true)));
        // Two of three heads turn.
        assertEquals(new Cost(0, 4 * 2 * (2 * 5 * 2 * 6)), Cost.of(new Rope(f(2, 5, 3, 6), 2, 100, false)));
        // Half of 10 rows of 8 are read and written.
        assertEquals(new Cost(0, 4 * (10 + 80)), Cost.of(new SelectRows(i(10), f(10, 8), f(10, 8))));
    }

    /** A table of a million rows costs no more than one of ten. */
    @Test
    void ofRowsOfTables() {
        for (int rows : new int[] {10, 1_000_000}) {
            var table = f(rows, 8);
            // Three ids of each of two puzzles: a row read, a cell of 9 written.
            assertEquals(
                    new Cost(0, 4 * 6 * (1 + 8 + 9)), Cost.of(new Embedding.Gather(i(2, 3), table, f(2, 27), 0, 9, 1)));
            assertEquals(
                    new Cost(0, 4 * 6 * (1 + 3 * 8)),
                    Cost.of(new Embedding.ScatterAdd(i(2, 3), f(2, 27), table, 0, 9, 1)));
            assertEquals(new Cost(0, 4 * (2 + 3 * 16)), Cost.of(new SignSgd(i(2), f(2, 8), table, f(1), 0)));
        }
    }

    @Test
    void goesByTheTypeOfTheElements() {
        var halves = Buffer.of("halves", ElementType.BF16, 3, 8).all();
        assertEquals(new Cost(0, 2 * 24), Cost.of(new Fill(halves, 1)));
        var table = Buffer.of("table", ElementType.BF16, 10, 8).all();
        assertEquals(
                new Cost(0, 6 * (4 + 2 * 8 + 4 * 9)), Cost.of(new Embedding.Gather(i(2, 3), table, f(2, 27), 0, 9, 1)));
    }

    private static Tensor f(int... dimensions) {
        return Buffer.floats("f", dimensions).all();
    }

    private static Tensor i(int... dimensions) {
        return Buffer.ints("i", dimensions).all();
    }
}
