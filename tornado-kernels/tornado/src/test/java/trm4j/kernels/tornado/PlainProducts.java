package trm4j.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.op.MatMul;

/** Products as loops over the memory that an address names, in place of a vendor's library. */
final class PlainProducts implements ProductLibrary {

    /** What was asked, in order. */
    final List<String> asked = new ArrayList<>();

    @Override
    public String description() {
        return "plain loops";
    }

    /** Two of a sum, however many products it has. */
    @Override
    public int parts(MatMul op) {
        return op.c().rank() == 2 && op.batch() > 1 ? 2 : 1;
    }

    @Override
    public Session open(long context, long stream) {
        asked.add("open");
        return new Session() {

            @Override
            public void enqueue(MatMul op, long memory, int a, int b, int c) {
                asked.add(op.size());
                multiply(op, floats(memory), a, b, c);
            }

            @Override
            public void close() {
                asked.add("close");
            }
        };
    }

    @SuppressWarnings("restricted")
    private static MemorySegment floats(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE);
    }

    /** Sets or adds to c; of a sum, sets the parts, to which products go in turn. */
    void multiply(MatMul op, MemorySegment f, int a, int b, int c) {
        int parts = parts(op);
        var sums = new double[op.c().rank() == 3 ? op.batch() : parts][op.m() * op.n()];
        for (int x = 0; x < op.batch(); x++) {
            int aAt = a + (op.a().rank() == 3 ? x * op.m() * op.k() : 0);
            int bAt = b + (op.b().rank() == 3 ? x * op.k() * op.n() : 0);
            var sum = sums[x % sums.length];
            for (int i = 0; i < op.m(); i++) {
                for (int j = 0; j < op.n(); j++) {
                    for (int p = 0; p < op.k(); p++) {
                        sum[i * op.n() + j] +=
                                (double) at(f, aAt + (op.transposeA() ? p * op.m() + i : i * op.k() + p))
                                        * at(f, bAt + (op.transposeB() ? j * op.k() + p : p * op.n() + j));
                    }
                }
            }
        }
        boolean add = op.accumulate() && parts == 1;
        for (int i = 0; i < sums.length * op.m() * op.n(); i++) {
            double sum = sums[i / (op.m() * op.n())][i % (op.m() * op.n())];
            f.setAtIndex(ValueLayout.JAVA_FLOAT, c + i, (float) (add ? at(f, c + i) + sum : sum));
        }
    }

    private static float at(MemorySegment f, int place) {
        return f.getAtIndex(ValueLayout.JAVA_FLOAT, place);
    }
}
