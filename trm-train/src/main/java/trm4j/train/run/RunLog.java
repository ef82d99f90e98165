package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import trm4j.train.RunException;
import trm4j.train.metrics.EventFile;
import trm4j.train.metrics.MetricsFile;

/** What a run tells of its steps and evaluations, in its folder: {@code metrics.jsonl}, and the same for TensorBoard. */
final class RunLog implements AutoCloseable {

    private final RunFolder folder;
    private final Training.Listener listener;
    private final MetricsFile metrics;
    private EventFile events;
    private boolean showsEvents = true;

    /**
     * Opens the log of a run, or makes it.
     *
     * @throws RunException if it cannot be written, as do all methods
     */
    RunLog(RunFolder folder, Training.Listener listener) {
        this.folder = folder;
        this.listener = listener;
        metrics = folder.metrics();
    }

    /** Takes away all that is there: the run begins anew. */
    void clear() {
        metrics.clear();
    }

    /**
     * Takes away what came after a checkpoint was saved, but for that checkpoint's own evaluation.
     *
     * @return the evaluation's line, if it is there as a whole
     */
    Optional<JsonNode> goOn(RunState state, long step) {
        if (metrics.isShorterThan(state.metricsBytes())) {
            listener.notice(MetricsFile.NAME + " has fewer lines than when step " + step + " was saved.");
        }
        return metrics.cut(state.metricsBytes(), state.unwritten(), step);
    }

    /**
     * Adds a line.
     *
     * @param saved the step that was saved last
     */
    void add(ObjectNode line, long saved) {
        metrics.add(line);
        if (showsEvents) {
            addEvent(line, saved);
        }
    }

    /** What TensorBoard shows is in the metrics too: no reason to end a run. */
    private void addEvent(ObjectNode line, long saved) {
        try {
            if (events == null) {
                events = folder.events(saved + 1);
            }
            events.add(line);
        } catch (RunException e) {
            showsEvents = false;
            listener.notice(e.getMessage() + " The run goes on; TensorBoard will not show what follows.");
        }
    }

    /** Has all whole lines on the disk, and returns their bytes. */
    long sync() {
        return metrics.sync();
    }

    /** Returns the lines that could not be written. */
    String unwritten() {
        return metrics.unwritten();
    }

    @Override
    public void close() {
        metrics.close();
        if (events != null) {
            events.close();
        }
    }
}
