package trm4j.model.net;

import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Fill;
import trm4j.model.config.Depth;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * Schedules one supervision step of z_L and z_H: {@code H_cycles} cycles of {@code L_cycles} times z_L = net(z_L,
 * z_H + x) and once z_H = net(z_H, z_L), of which only the last is kept for gradients. (TRM paper, figure
 * 3.) The nets may be two, and gradients may go back through the last evaluation of each state only, as in HRM. What
 * the net makes of a state may still be {@link Settling settled} before it is the new one.
 */
final class Recursion {

    /** State slots: where z_L and z_H stand when nothing is kept, and where the net works then. */
    static final int Z_L = 0;
    static final int Z_H = 1;
    private static final int WORK = 2;
    private static final int FIRST_KEPT = 3;

    final NetBuffers buffers;
    /** The embedded input x [batch, T, D], and the gradient with respect to it. */
    final Buffer x;
    final Buffer dx;

    private final Index fromL;
    private final Index fromH;
    private final Block mix;
    private final Block mlp;
    private final StateUpdate updateL;
    private final StateUpdate updateH;
    private final Program clearDx;
    private final Program addDx;
    private final Optional<Settling> settling;
    private final TrainConfig.Backpropagation back;
    private final int unkept;

    /**
     * How a state is updated.
     *
     * @param addInputs adds up what goes into the net
     * @param firstLayer the first layer of that net
     */
    private record StateUpdate(Program addInputs, int firstLayer) {}

    /**
     * Makes the buffers and programs of a recursion.
     *
     * @param gradients none where nothing is trained
     * @param back how far gradients go back; of no account where nothing is trained
     * @param recompute which blocks keep no inner activations
     * @param noise that updated states get, if any
     * @param batch puzzles computed at a time
     */
    Recursion(
            TrmConfig config, Parameters parameters, Buffer weights, Optional<Gradients> gradients,
            TrainConfig.Backpropagation back, TrainConfig.Recompute recompute, Optional<TrainingNoise> noise,
            int batch) {
        boolean trains = gradients.isPresent();
        this.back = back;
        boolean settles = config.damping() > 0 || noise.isPresent();
        int evaluations = trains ? keptL(config.depth()) + 1 : 0;
        int kept = evaluations * config.lLayers();
        // Evaluations that keep nothing share a slot with the first kept one, unless they run in between.
        unkept = trains && !config.noActContinue() ? kept : 0;
        buffers = new NetBuffers(
                config, parameters, weights, gradients, recompute, batch,
                FIRST_KEPT + evaluations * (1 + 2 * config.lLayers() + (settles ? 1 : 0)), Math.max(kept, unkept + 1));
        settling = settles ? Optional.of(new Settling(buffers, noise)) : Optional.empty();
        x = buffers.activation("x", batch, buffers.positions, buffers.width);
        dx = buffers.activation("dx", batch, buffers.positions, buffers.width);
        mix = config.mlpT() ? TokenMixing.in(buffers) : SelfAttention.in(buffers);
        mlp = SwiGluMlp.in(buffers);

        fromL = new Index("z_L", buffers.in.count());
        fromH = new Index("z_H", buffers.in.count());
        var zL = buffers.states.at(fromL);
        var zH = buffers.states.at(fromH);
        updateL = new StateUpdate(new Program("z_L + z_H + x", new Add(List.of(zL, zH, x.all()), buffers.output())), 0);
        updateH = new StateUpdate(
                new Program("z_H + z_L", new Add(List.of(zH, zL), buffers.output())),
                config.separateNets() ? config.lLayers() : 0);
        clearDx = new Program("clear dx", new Fill(dx.all(), 0));
        addDx = new Program("add to dx", new Add(List.of(dx.all(), buffers.dState.all()), dx.all()));
    }

    /** Which slots hold the two states. */
    record StateSlots(int zL, int zH) {}

    /** Evaluations of z_L in the last cycle that are kept for gradients. */
    private int keptL(Depth depth) {
        return back == TrainConfig.Backpropagation.FULL ? depth.lCycles() : 1;
    }

    /**
     * Adds cycles that keep nothing; the states end in the slots {@link #Z_L} and {@link #Z_H}.
     *
     * @param lCycles of each
     * @param number of their first evaluation, for the noise
     * @return that of the next evaluation
     */
    int cycles(Schedule.Builder schedule, int count, int lCycles, int number) {
        int next = number;
        for (int cycle = 0; cycle < count; cycle++) {
            next = evaluateL(schedule, lCycles, next);
            evaluate(schedule, updateH, Z_H, next++);
        }
        return next;
    }

    /**
     * Adds the cycle that gradients go through; returns where it leaves the states.
     *
     * @param number of its first evaluation, for the noise
     */
    StateSlots lastCycle(Schedule.Builder schedule, Depth depth, int number) {
        int keptL = keptL(depth);
        int next = evaluateL(schedule, depth.lCycles() - keptL, number);
        var states = new StateSlots(Z_L, Z_H);
        for (int e = 0; e < keptL; e++) {
            states = new StateSlots(evaluateKeeping(schedule, updateL, states, states.zL, e, next++), Z_H);
        }
        return new StateSlots(states.zL, evaluateKeeping(schedule, updateH, states, Z_H, keptL, next));
    }

    private int evaluateL(Schedule.Builder schedule, int count, int number) {
        for (int i = 0; i < count; i++) {
            evaluate(schedule, updateL, Z_L, number + i);
        }
        return number + count;
    }

    private void evaluate(Schedule.Builder schedule, StateUpdate update, int state, int number) {
        int last = 2 * buffers.config.lLayers();
        int result = settling.isPresent() ? WORK : state;
        net(schedule, update, new StateSlots(Z_L, Z_H), block -> block < last ? WORK : result, layer -> unkept);
        settling.ifPresent(each -> each.forward(schedule, state, WORK, state, number));
    }

    private int evaluateKeeping(
            Schedule.Builder schedule, StateUpdate update, StateSlots from, int state, int evaluation, int number) {
        net(schedule, update, from, block -> slot(evaluation, block), layer -> keptSlot(evaluation, layer));
        int result = slot(evaluation, 2 * buffers.config.lLayers());
        settling.ifPresent(each -> each.forward(schedule, state, result, result + 1, number));
        return settling.isPresent() ? result + 1 : result;
    }

    /** Returns the slot of the state after some blocks of a kept evaluation; one more is that of the settled state. */
    private int slot(int evaluation, int block) {
        int slots = 1 + 2 * buffers.config.lLayers() + (settling.isPresent() ? 1 : 0);
        return FIRST_KEPT + evaluation * slots + block;
    }

    private int keptSlot(int evaluation, int layer) {
        return evaluation * buffers.config.lLayers() + layer;
    }

    private void net(
            Schedule.Builder schedule, StateUpdate update, StateSlots from, IntUnaryOperator slot,
            IntUnaryOperator kept) {
        schedule.with(fromL, from.zL).with(fromH, from.zH).with(buffers.out, slot.applyAsInt(0)).run(update.addInputs);
        for (int layer = 0; layer < buffers.config.lLayers(); layer++) {
            schedule.with(buffers.layer, update.firstLayer + layer).with(buffers.kept, kept.applyAsInt(layer));
            run(schedule, mix.forward(), slot, 2 * layer);
            run(schedule, mlp.forward(), slot, 2 * layer + 1);
        }
    }

    private void run(Schedule.Builder schedule, Program program, IntUnaryOperator slot, int block) {
        schedule.with(buffers.in, slot.applyAsInt(block)).with(buffers.out, slot.applyAsInt(block + 1)).run(program);
    }

    /**
     * Adds the way back through the last cycle. Before: {@link NetBuffers#dState} holds the gradient with respect to
     * z_H. After: the weights' gradients are added to, unless they are frozen, and {@link #dx} holds the gradient with
     * respect to x. What flows on into the states before the cycle is dropped there.
     */
    void backward(Schedule.Builder schedule, Depth depth) {
        int keptL = keptL(depth);
        schedule.run(clearDx);
        for (int e = keptL; e >= 0; e--) {
            int evaluation = e;
            settling.ifPresent(each -> each.backward(schedule));
            int firstLayer = e == keptL ? updateH.firstLayer : updateL.firstLayer;
            IntUnaryOperator slot = block -> slot(evaluation, block);
            for (int layer = buffers.config.lLayers() - 1; layer >= 0; layer--) {
                schedule.with(buffers.layer, firstLayer + layer).with(buffers.kept, keptSlot(e, layer));
                run(schedule, mlp.backward(), slot, 2 * layer + 1);
                run(schedule, mix.backward(), slot, 2 * layer);
            }
            if (e < keptL) {
                schedule.run(addDx);
                settling.ifPresent(each -> each.backwardToOld(schedule));
            }
        }
    }
}
