package trm4j.model.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.kernels.UserException;

/**
 * How deep a supervision step of training is as the run goes on: a progressive depth curriculum (CGAR, arXiv
 * 2511.08653). What is left of the run after the last stage has the architecture's own depth.
 *
 * @param stages in the order of their ends; none for the architecture's depth all along
 */
public record DepthSchedule(List<Stage> stages) {

    /** The architecture's depth all along. */
    public static final DepthSchedule NONE = new DepthSchedule(List.of());

    private static final String KEY = "train.depth_schedule";
    private static final int MOST = 100;
    private static final Pattern STAGE =
            Pattern.compile("(?<h>[1-9][0-9]{0,3})x(?<l>[1-9][0-9]{0,3}) to (?<until>[0-9]*\\.?[0-9]+)");

    /**
     * One depth for some of a run's steps.
     *
     * @param until the share of the run's steps, above 0 and at most 1, at which the stage ends
     */
    public record Stage(Depth depth, double until) {

        @Override
        public String toString() {
            return depth + " to " + BigDecimal.valueOf(until).stripTrailingZeros().toPlainString();
        }
    }

    public DepthSchedule {
        stages = List.copyOf(stages);
    }

    /**
     * Reads stages, such as {@code 1x2 to 0.3, 2x4 to 0.6}.
     *
     * @throws ConfigException if they are no stages, or do not follow each other
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DepthSchedule of(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        var stages = new ArrayList<Stage>();
        double before = 0;
        for (var part : text.strip().split("\\s*,\\s*", -1)) {
            var stage = STAGE.matcher(part);
            boolean fits = stage.matches() && stages.size() < MOST;
            double until = fits ? Double.parseDouble(stage.group("until")) : 0;
            ConfigException.require(
                    fits && until > before && until <= 1, KEY,
                    "up to " + MOST + " stages H_CYCLESxL_CYCLES to SHARE, whose shares of the run rise up to 1, such "
                            + "as 1x2 to 0.3, 2x4 to 0.6", UserException.shown(text));
            stages.add(new Stage(
                    new Depth(Integer.parseInt(stage.group("h")), Integer.parseInt(stage.group("l"))), until));
            before = until;
        }
        return new DepthSchedule(stages);
    }

    /** Returns what {@link #of} reads. */
    @JsonValue
    @Override
    public String toString() {
        return stages.stream().map(Stage::toString).collect(Collectors.joining(", "));
    }

    /** Tells whether it says anything. */
    public boolean isEmpty() {
        return stages.isEmpty();
    }

    /**
     * Refuses stages that are deeper than the architecture, for whose depth memory is planned.
     *
     * @throws ConfigException that names the first
     */
    public void require(Depth most) {
        for (var stage : stages) {
            var depth = stage.depth;
            ConfigException.require(
                    depth.hCycles() <= most.hCycles() && depth.lCycles() <= most.lCycles(), KEY,
                    "stages of at most arch.h_cycles x arch.l_cycles, " + most, stage);
        }
    }

    /**
     * Returns the depth of a step.
     *
     * @param step counted from 1
     * @param full the architecture's
     */
    public Depth at(long step, long totalSteps, Depth full) {
        for (var stage : stages) {
            if (step <= last(stage, totalSteps)) {
                return stage.depth;
            }
        }
        return full;
    }

    private static long last(Stage stage, long totalSteps) {
        return Math.round(stage.until * totalSteps);
    }

    /** Returns the depths that a run has, the architecture's among them. */
    public Set<Depth> depths(Depth full) {
        return Stream.concat(stages.stream().map(Stage::depth), Stream.of(full))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Returns a sentence, such as {@code 1x1 up to step 240, then 2x2}.
     *
     * @param full the architecture's depth
     */
    public String told(long totalSteps, Depth full) {
        var text = new StringBuilder();
        long last = 0;
        for (var stage : stages) {
            last = last(stage, totalSteps);
            text.append(stage.depth).append(" up to step ").append(last).append(", then ");
        }
        return last < totalSteps ? text.append(full).toString() : text.substring(0, text.length() - ", then ".length());
    }
}
