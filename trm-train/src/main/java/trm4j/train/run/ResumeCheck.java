package trm4j.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Set;
import trm4j.model.Checkpoint;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;

/**
 * Sees to it that a run goes on as it began. Only how long it trains, what it saves and looks at on the way, and how
 * it makes do with memory may change.
 *
 * @param file where the configuration stands, for messages
 * @param model what was saved
 */
record ResumeCheck(Object file, Checkpoint model, RunState state) {

    private static final Set<String> FREE = Set.of("micro_batch", "recompute");

    /**
     * Compares a configuration with what was saved.
     *
     * @throws ConfigException if they do not fit together
     */
    void check(RunConfig config) {
        same("arch", model.config(), config.arch());
        same("train", model.train(), config.train());
        same("run.seed", state.seed(), config.run().seed());
        if (config.run().steps() > 0 && config.run().steps() < model.step()) {
            throw new ConfigException(file + ": run.steps: expected at least the " + model.step()
                    + " steps that were taken, found " + config.run().steps() + ".");
        }
    }

    private void same(String section, Record before, Record now) {
        ObjectNode expected = Settings.MAPPER.valueToTree(before);
        ObjectNode found = Settings.MAPPER.valueToTree(now);
        for (var entry : expected.properties()) {
            if (!FREE.contains(entry.getKey())) {
                same(section + "." + entry.getKey(), entry.getValue(), found.get(entry.getKey()));
            }
        }
    }

    private void same(String key, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new ConfigException(file + ": " + key + ": expected " + expected + ", with which step " + model.step()
                    + " was trained, found " + found + "; put it back, or begin a new run.");
        }
    }
}
