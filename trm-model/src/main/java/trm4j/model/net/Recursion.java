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
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * Schedules one supervision step of z_L and z_H: {@code H_cycles} cycles of {@code L_cycles} times z_L = net(z_L,
 * z_H + x) and once z_H = net(z_H, z_L), of which only the last is kept for gradients. (TRM paper, figure
 * 3.) The nets may be two, and gradients may go back through the last evaluation of each state only, as in HRM.
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
    /** Evaluations of z_L in the last cycle that are kept for gradients. */
    private final int keptL;
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
     * @param batch puzzles computed at a time
     */
    Recursion(
            TrmConfig config, Parameters parameters, Buffer weights, Optional<Gradients> gradients,
            TrainConfig.Backpropagation back, TrainConfig.Recompute recompute, int batch) {
        boolean trains = gradients.isPresent();
        keptL = back == TrainConfig.Backpropagation.FULL ? config.lCycles() : 1;
        int evaluations = trains ? keptL + 1 : 0;
        int kept = evaluations * config.lLayers();
        // Evaluations that keep nothing share a slot with the first kept one, unless they run in between.
        unkept = trains && !config.noActContinue() ? kept : 0;
        buffers = new NetBuffers(
                config, parameters, weights, gradients, recompute, batch,
                FIRST_KEPT + evaluations * (1 + 2 * config.lLayers()), Math.max(kept, unkept + 1));
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

    /** Adds cycles that keep nothing; the states end in the slots {@link #Z_L} and {@link #Z_H}. */
    void cycles(Schedule.Builder schedule, int count) {
        for (int cycle = 0; cycle < count; cycle++) {
            evaluateL(schedule, buffers.config.lCycles());
            evaluate(schedule, updateH, new StateSlots(Z_L, Z_H), Z_H);
        }
    }

    /** Adds the cycle that gradients go through; returns where it leaves the states. */
    StateSlots lastCycle(Schedule.Builder schedule) {
        evaluateL(schedule, buffers.config.lCycles() - keptL);
        var states = new StateSlots(Z_L, Z_H);
        for (int e = 0; e < keptL; e++) {
            states = new StateSlots(evaluateKeeping(schedule, updateL, states, e), Z_H);
        }
        return new StateSlots(states.zL, evaluateKeeping(schedule, updateH, states, keptL));
    }

    private void evaluateL(Schedule.Builder schedule, int count) {
        for (int i = 0; i < count; i++) {
            evaluate(schedule, updateL, new StateSlots(Z_L, Z_H), Z_L);
        }
    }

    private void evaluate(Schedule.Builder schedule, StateUpdate update, StateSlots from, int result) {
        int last = 2 * buffers.config.lLayers();
        net(schedule, update, from, block -> block < last ? WORK : result, layer -> unkept);
    }

    private int evaluateKeeping(Schedule.Builder schedule, StateUpdate update, StateSlots from, int evaluation) {
        net(schedule, update, from, block -> slot(evaluation, block), layer -> keptSlot(evaluation, layer));
        return slot(evaluation, 2 * buffers.config.lLayers());
    }

    /** Returns the slot of the state after some blocks of a kept evaluation. */
    private int slot(int evaluation, int block) {
        return FIRST_KEPT + evaluation * (1 + 2 * buffers.config.lLayers()) + block;
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
    void backward(Schedule.Builder schedule) {
        schedule.run(clearDx);
        for (int e = keptL; e >= 0; e--) {
            int evaluation = e;
            int firstLayer = e == keptL ? updateH.firstLayer : updateL.firstLayer;
            IntUnaryOperator slot = block -> slot(evaluation, block);
            for (int layer = buffers.config.lLayers() - 1; layer >= 0; layer--) {
                schedule.with(buffers.layer, firstLayer + layer).with(buffers.kept, keptSlot(e, layer));
                run(schedule, mlp.backward(), slot, 2 * layer + 1);
                run(schedule, mix.backward(), slot, 2 * layer);
            }
            if (e < keptL) {
                schedule.run(addDx);
            }
        }
    }
}
