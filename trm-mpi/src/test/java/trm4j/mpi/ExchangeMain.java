package trm4j.mpi;

import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.RanksContract;

/** A rank that does all that ranks can do. */
final class ExchangeMain {

    private ExchangeMain() {}

    public static void main(String[] args) {
        try (var ranks = Ranks.invitation().orElseThrow().join()) {
            RanksContract.check(ranks, Integer.parseInt(args[0]));
            if (ranks.isFirst()) {
                System.out.println(ranks.size() + " ranks, " + ranks.connection());
                ranks.remarks().forEach(System.out::println);
            }
        }
    }
}
