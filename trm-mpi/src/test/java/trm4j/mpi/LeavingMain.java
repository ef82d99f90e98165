package trm4j.mpi;

import trm4j.model.ranks.Ranks;

/** Ranks of which the last leaves while the others wait for it. */
final class LeavingMain {

    private LeavingMain() {}

    public static void main(String[] args) {
        var ranks = Ranks.invitation().orElseThrow().join();
        ranks.meet();
        if (ranks.rank() < ranks.size() - 1) {
            ranks.meet();
            System.out.println("not ended");
        }
    }
}
