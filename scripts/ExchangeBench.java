package trm4j.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import trm4j.model.net.Share;
import trm4j.model.net.SumTree;
import trm4j.model.ranks.Ranks;

/**
 * Times how gradients are added up over ranks that have a micro-batch each. Takes how many numbers there are, and how
 * often.
 */
public class ExchangeBench {

    public static void main(String[] args) {
        int length = Integer.parseInt(args[0]);
        int times = Integer.parseInt(args[1]);
        var ranks = Ranks.invitation().orElseThrow().join();
        int size = ranks.size();
        var shares = IntStream.range(0, size).mapToObj(rank -> Share.of(size, rank, size)).toList();
        var exchange = new GradientExchange(ranks, new SumTree(size), shares);
        var gradients = new float[length];
        var millis = new double[times];
        for (int i = -times / 2; i < times; i++) {
            Arrays.fill(gradients, ranks.rank() + 1);
            ranks.meet();
            long start = System.nanoTime();
            exchange.addUp(List.of(gradients));
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
