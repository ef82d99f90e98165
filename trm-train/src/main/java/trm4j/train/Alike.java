package trm4j.train;

import static trm4j.kernels.UserException.shown;

import java.nio.charset.StandardCharsets;
import java.util.List;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.RanksException;

/** Checks that processes which are to work together were told the same. */
public final class Alike {

    private Alike() {}

    /**
     * Together: compares what each has with what rank 0 has.
     *
     * @param what it is, such as {@code configuration}
     * @param own lines, of which the first that differs is shown
     * @throws RanksException on all ranks, if one has something else
     */
    public static void require(Ranks ranks, String what, String own) {
        if (!ranks.areSeveral()) {
            return;
        }
        var all = ranks.allGather(own.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .toList();
        for (int rank = 1; rank < all.size(); rank++) {
            var first = all.getFirst();
            var other = all.get(rank);
            if (!other.equals(first)) {
                int line = 0;
                while (line < Math.min(first.size(), other.size()) && first.get(line).equals(other.get(line))) {
                    line++;
                }
                throw new RanksException("Rank " + rank + " has another " + what + " than rank 0: expected "
                        + line(first, line) + ", found " + line(other, line)
                        + "; start all processes with the same command, and on the same files.");
            }
        }
    }

    private static String line(List<String> lines, int line) {
        return line < lines.size() ? shown(lines.get(line).strip()) : "no more";
    }
}
