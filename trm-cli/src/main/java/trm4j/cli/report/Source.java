package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A folder as a page shows it, read again and again while something may still be written there. */
sealed interface Source permits RunView, AblationView, EvaluationView, BenchView {

    /**
     * Reads what is new.
     *
     * @return all of it as it is now; the same object as before where nothing has changed
     * @throws trm4j.kernels.UserException if the folder is not, or no longer, what it was taken for
     */
    ObjectNode read();
}
