import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import trm4j.model.ranks.Ranks;

/**
 * Times how gradients are added up over ranks: each rank gets its part of all, adds, and gives the sums to all. Takes
 * how many numbers there are, and how often.
 */
public class ExchangeBench {

    public static void main(String[] args) {
        int length = Integer.parseInt(args[0]);
        int times = Integer.parseInt(args[1]);
        var ranks = Ranks.invitation().orElseThrow().join();
        int size = ranks.size();
        var starts = IntStream.rangeClosed(0, size).map(rank -> (int) ((long) length * rank / size)).toArray();
        int part = starts[ranks.rank() + 1] - starts[ranks.rank()];
        var parts = IntStream.rangeClosed(0, size).map(rank -> rank * part).toArray();
        var gradients = new float[length];
        var received = new float[size * part];
        var millis = new double[times];
        for (int i = -times / 2; i < times; i++) {
            Arrays.fill(gradients, ranks.rank() + 1);
            ranks.meet();
            long start = System.nanoTime();
            ranks.allToAll(gradients, starts, received, parts);
            for (int rank = 1; rank < size; rank++) {
                int from = parts[rank];
                for (int k = 0; k < part; k++) {
                    received[k] += received[from + k];
                }
            }
            System.arraycopy(received, 0, gradients, starts[ranks.rank()], part);
            ranks.allGather(gradients, starts);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) * 1e-6;
            }
            if (gradients[0] != size * (size + 1) / 2 || gradients[length - 1] != gradients[0]) {
                throw new IllegalStateException("sum " + gradients[0]);
            }
        }
        Arrays.sort(millis);
        if (ranks.isFirst()) {
            System.out.printf(Locale.ROOT, "trm4j %d ranks %d numbers %.2f ms (least %.2f)%n",
                    size, length, millis[times / 2], millis[0]);
        }
        ranks.close();
    }
}
