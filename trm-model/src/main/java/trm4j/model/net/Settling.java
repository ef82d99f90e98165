package trm4j.model.net;

import java.util.ArrayList;
import java.util.Optional;
import trm4j.kernels.Index;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Operation;

/**
 * Makes the new state of the old one and what the net made of it: new = damping * old + (1 - damping) * net + noise.
 * (EqR, arXiv 2605.21488, {@code models/eqr.py} of its authors, who write lambda for 1 - damping.)
 */
final class Settling {

    private final Index old;
    private final Index updated;
    private final Index settled;
    private final Program forward;
    private final Optional<TrainingNoise> noise;
    /** The ways back, to what the net made and to the old state; none without damping. */
    private final Optional<Program> backward;
    private final Optional<Program> backwardToOld;

    Settling(NetBuffers buffers, Optional<TrainingNoise> noise) {
        this.noise = noise;
        int slots = buffers.in.count();
        old = new Index("old", slots);
        updated = new Index("updated", slots);
        settled = new Index("settled", slots);
        float damping = (float) buffers.config.damping();
        var from = buffers.matrix(buffers.states.at(updated));
        var to = buffers.matrix(buffers.states.at(settled));
        int width = buffers.width;
        var operations = new ArrayList<Operation>();
        if (damping > 0) {
            operations.add(new CopyColumns(
                    buffers.matrix(buffers.states.at(old)), 0, to, 0, width, damping, false));
            operations.add(new CopyColumns(from, 0, to, 0, width, 1 - damping, true));
        } else {
            operations.add(CopyColumns.all(from, to));
        }
        noise.ifPresent(each -> operations.add(each.of(
                to.as(buffers.batch, buffers.positions * buffers.width))));
        forward = new Program("settle", operations);
        if (damping == 0 || !buffers.trains()) {
            backward = Optional.empty();
            backwardToOld = Optional.empty();
            return;
        }
        var dState = buffers.matrix(buffers.dState.all());
        var dSettled = buffers.matrix(
                buffers.activation("dSettled", buffers.batch, buffers.positions, buffers.width).all());
        backward = Optional.of(new Program(
                "settle backward",
                CopyColumns.all(dState, dSettled),
                new CopyColumns(dSettled, 0, dState, 0, width, 1 - damping, false)));
        backwardToOld = Optional.of(new Program(
                "settle backward to old", new CopyColumns(dSettled, 0, dState, 0, width, damping, true)));
    }

    /**
     * Adds the settling of a state.
     *
     * @param old the slot of the state that the net was given
     * @param updated the slot of what it made of that
     * @param settled the slot that the new state goes to, which may be the old one's
     * @param number of the evaluation, for the noise
     */
    void forward(Schedule.Builder schedule, int old, int updated, int settled, int number) {
        noise.ifPresent(each -> schedule.with(each.draw(), number));
        schedule.with(this.old, old).with(this.updated, updated).with(this.settled, settled).run(forward);
    }

    /** Adds the way from the gradient with respect to the new state, in dState, to that of what the net made. */
    void backward(Schedule.Builder schedule) {
        backward.ifPresent(schedule::run);
    }

    /** Adds to dState, in which the gradient with respect to what the net was given is by now, what it lacks. */
    void backwardToOld(Schedule.Builder schedule) {
        backwardToOld.ifPresent(schedule::run);
    }
}
