package trm4j.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
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
            public void enqueue(MatMul op, long memory, long a, long b, long c) {
                asked.add(op.size());
                multiply(op, memory(memory), a, b, c);
            }

            @Override
            public void close() {
                asked.add("close");
            }
        };
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE);
    }

    /** Sets or adds to c; of a sum, sets the parts, to which products go in turn. */
    void multiply(MatMul op, MemorySegment memory, long aAt, long bAt, long cAt) {
        int parts = parts(op);
        var a = new Numbers(op.a(), memory, aAt);
        var b = new Numbers(op.b(), memory, bAt);
        var c = new Numbers(op.c(), memory, cAt);
        var sums = new double[op.c().rank() == 3 ? op.batch() : parts][op.m() * op.n()];
        for (int x = 0; x < op.batch(); x++) {
            int aFirst = op.a().rank() == 3 ? x * op.m() * op.k() : 0;
            int bFirst = op.b().rank() == 3 ? x * op.k() * op.n() : 0;
            var sum = sums[x % sums.length];
            for (int i = 0; i < op.m(); i++) {
                for (int j = 0; j < op.n(); j++) {
                    for (int p = 0; p < op.k(); p++) {
                        int inA = op.transposeA() ? p * op.m() + i : i * op.k() + p;
                        int inB = op.transposeB() ? j * op.k() + p : p * op.n() + j;
                        sum[i * op.n() + j] += (double) a.at(aFirst + inA) * b.at(bFirst + inB);
                    }
                }
            }
        }
        boolean add = op.accumulate() && parts == 1;
        for (int i = 0; i < sums.length * op.m() * op.n(); i++) {
            double sum = sums[i / (op.m() * op.n())][i % (op.m() * op.n())];
            c.set(i, (float) (add ? c.at(i) + sum : sum));
        }
    }

    /** The elements of a tensor, and what lies behind them. */
    private record Numbers(ElementType type, MemorySegment memory, long from) {

        Numbers(Tensor tensor, MemorySegment memory, long from) {
            this(tensor.type(), memory, from);
        }

        float at(int i) {
            return type.at(memory, from + (long) type.bytes() * i);
        }

        void set(int i, float value) {
            if (type == ElementType.BF16) {
                memory.set(ValueLayout.JAVA_SHORT, from + 2L * i, Bfloat16.of(value));
            } else {
                memory.set(ValueLayout.JAVA_FLOAT, from + 4L * i, value);
            }
        }
    }
}
