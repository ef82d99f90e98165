package trm4j.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import trm4j.model.DivergedException;
import trm4j.model.config.ConfigException;
import trm4j.model.ranks.Invitation;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.RanksException;
import trm4j.train.Alike;
import trm4j.train.Plural;

/**
 * The processes that mpirun started this one among, as the command line sees them: rank 0 prints for all, the others
 * only what went wrong with them; and they all end as one of them does.
 */
final class Processes {

    /** What went wrong with rank 1 may be what went wrong with rank 0; others leave it longer to those before them. */
    private static final long PATIENCE_MILLIS = 1500;
    private static final long MORE_MILLIS = 20;
    /** A job that is being ended is ended by then. */
    private static final long END_MILLIS = 60_000;
    /** Exit statuses from here on are those of signals, on which ranks stop together. */
    private static final int SIGNALS = 128;

    private final Optional<Invitation> invitation;
    private final long patienceMillis;
    private Ranks ranks = Ranks.ALONE;

    /** @param invitation what this process was started among; nothing if it was started alone */
    Processes(Optional<Invitation> invitation) {
        this(invitation, PATIENCE_MILLIS);
    }

    /** @param patienceMillis how long rank 1 leaves it to rank 0 to tell what went wrong */
    Processes(Optional<Invitation> invitation, long patienceMillis) {
        this.invitation = invitation;
        this.patienceMillis = patienceMillis;
    }

    boolean areSeveral() {
        return invitation.isPresent();
    }

    /** Whether this is the one that prints. */
    boolean isFirst() {
        return invitation.map(Invitation::rank).orElse(0) == 0;
    }

    /** Where to print: nowhere, but for the first. */
    PrintWriter shown(PrintWriter out) {
        return isFirst() ? out : new PrintWriter(Writer.nullWriter());
    }

    /**
     * Connects this process with the others, unless that was done; all at the same time.
     *
     * @throws RanksException if they cannot be connected, or run different versions
     */
    Ranks join(String version, PrintWriter out) {
        if (invitation.isPresent() && !ranks.areSeveral()) {
            ranks = invitation.get().join();
            Alike.require(ranks, "version of trm", version);
            out.println(line());
            ranks.remarks().forEach(out::println);
            out.flush();
        }
        return ranks;
    }

    /** Says how many there are, where, and how many threads each has. */
    private String line() {
        var each = ranks.allGather((ranks.threads() + " " + ranks.localRank()).getBytes())
                .stream().map(bytes -> new String(bytes).split(" ")).toList();
        long machines = each.stream().filter(words -> words[1].equals("0")).count();
        var threads = each.stream().mapToInt(words -> Integer.parseInt(words[0])).summaryStatistics();
        return ranks.size() + " ranks on " + Plural.count(machines, "machine") + ", connected by " + ranks.connection()
                + ": " + (threads.getMin() < threads.getMax() ? threads.getMin() + " to " : "")
                + Plural.count(threads.getMax(), "thread") + " each";
    }

    /**
     * Returns the words after which to tell what went wrong here. Others than the first wait a little before, and are
     * ended by it meanwhile if the same went wrong there.
     */
    String teller(Throwable e) {
        if (!isFirst()) {
            sleep(patienceMillis + MORE_MILLIS * invitation.orElseThrow().rank());
            if (isEnding()) {
                // Another has told.
                sleep(END_MILLIS);
            }
        }
        // What ranks find together is no matter of one of them; nor are settings, nor what goes wrong before they meet.
        boolean isOfAll = e instanceof RanksException || e instanceof ConfigException
                || e.getCause() instanceof DivergedException;
        return ranks.areSeveral() && !isOfAll || !isFirst()
                ? "trm: rank " + invitation.orElseThrow().rank() + ": "
                : "trm: ";
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether Java has been told to end. */
    private static boolean isEnding() {
        var hook = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return !Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /**
     * Ends this process's part, unless it was started alone: together, if all come to it with this status, which rank 0
     * tells last if it is 0; else by ending all.
     */
    void leave(int status, PrintWriter out) {
        if (!ranks.areSeveral()) {
            if (status != 0) {
                invitation.ifPresent(Invitation::decline);
            }
            return;
        }
        if (status == 0 || status > SIGNALS) {
            ranks.close();
            if (status == 0 && isFirst()) {
                out.println("All " + ranks.size() + " ranks are done");
                out.flush();
            }
        } else {
            ranks.abort(status);
        }
    }
}
