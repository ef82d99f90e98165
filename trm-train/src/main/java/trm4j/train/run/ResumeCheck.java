package trm4j.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Set;
import trm4j.model.Checkpoint;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.train.Plural;

/**
 * Checks that a resumed run has the settings it was started with. Only how long it trains, what it saves and looks at
 * on the way, and how it makes do with memory may change.
 *
 * @param file where the configuration stands, for messages
 * @param model what was saved
 * @param state where the run was then
 */
record ResumeCheck(Object file, Checkpoint model, RunState state) {

    /** Settings of the training that may change. */
    private static final Set<String> FREE = Set.of("micro_batch", "recompute");

    /**
     * Refuses a configuration that does not fit what was saved.
     *
     * @throws ConfigException that names the setting
     */
    void require(RunConfig config) {
        requireSame("arch", model.config(), config.arch());
        requireSame("train", model.train(), config.train());
        requireSame("run.seed", state.seed(), config.run().seed());
        if (config.run().steps() > 0 && config.run().steps() < model.step()) {
            throw new ConfigException("run.steps: expected at least the " + Plural.count(model.step(), "step")
                    + " that were taken, found " + config.run().steps() + " (in " + file + ", or as an option).");
        }
    }

    private void requireSame(String section, Record before, Record now) {
        ObjectNode expected = Settings.MAPPER.valueToTree(before);
        ObjectNode found = Settings.MAPPER.valueToTree(now);
        for (var entry : expected.properties()) {
            if (!FREE.contains(entry.getKey())) {
                requireSame(section + "." + entry.getKey(), entry.getValue(), found.get(entry.getKey()));
            }
        }
    }

    private void requireSame(String key, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new ConfigException(key + ": expected " + expected + ", with which step " + model.step()
                    + " was trained, found " + found + " (in " + file + ", or as an option); put it back, or begin a "
                    + "new run.");
        }
    }
}
