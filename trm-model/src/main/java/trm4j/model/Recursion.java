package trm4j.model;

import java.util.List;
import java.util.function.IntUnaryOperator;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Fill;

/**
 * One supervision step of z_L and z_H: {@code H_cycles} cycles of {@code L_cycles} times z_L = net(z_L,
 * z_H + x) and once z_H = net(z_H, z_L), of which only the last is kept for gradients. (TRM paper, figure
 * 3.)
 */
final class Recursion {

    /** State slots: where z_L and z_H stand when nothing is kept, and where the net works then. */
    static final int Z_L = 0;
    static final int Z_H = 1;
    private static final int WORK = 2;
    private static final int FIRST_KEPT = 3;

    final Frame frame;
    /** The embedded input x [batch, T, D], and the gradient by it. */
    final Buffer x;
    final Buffer dx;

    private final Index fromL;
    private final Index fromH;
    private final Block mix;
    private final Block mlp;
    private final Program injectL;
    private final Program injectH;
    private final Program clearDx;
    private final Program addDx;
    private final int unkept;

    /**
     * A recursion.
     *
     * @param gradients like the weights; null where nothing is trained
     * @param batch puzzles computed at a time
     */
    Recursion(TrmConfig config, Parameters parameters, Buffer weights, Buffer gradients, int batch) {
        boolean trains = gradients != null;
        int evaluations = trains ? config.lCycles() + 1 : 0;
        int kept = evaluations * config.lLayers();
        // Evaluations that keep nothing share a slot with the first kept one, unless they run in between.
        unkept = trains && !config.noActContinue() ? kept : 0;
        frame = new Frame(
                config, parameters, weights, gradients, batch,
                FIRST_KEPT + evaluations * (1 + 2 * config.lLayers()), Math.max(kept, unkept + 1));
        x = Buffer.floats("x", batch, frame.positions, frame.width);
        dx = Buffer.floats("dx", batch, frame.positions, frame.width);
        mix = config.mlpT() ? TokenMixing.in(frame) : SelfAttention.in(frame);
        mlp = SwiGluMlp.in(frame);

        fromL = new Index("z_L", frame.in.count());
        fromH = new Index("z_H", frame.in.count());
        var zL = frame.states.at(fromL);
        var zH = frame.states.at(fromH);
        injectL = new Program("z_L + z_H + x", new Add(List.of(zL, zH, x.all()), frame.output()));
        injectH = new Program("z_H + z_L", new Add(List.of(zH, zL), frame.output()));
        clearDx = new Program("clear dx", new Fill(dx.all(), 0));
        addDx = new Program("add to dx", new Add(List.of(dx.all(), frame.dState.all()), dx.all()));
    }

    /** Which slots hold the two states. */
    record States(int zL, int zH) {}

    /** Cycles that keep nothing; the states end in the slots {@link #Z_L} and {@link #Z_H}. */
    void cycles(Schedule.Builder schedule, int count) {
        for (int cycle = 0; cycle < count; cycle++) {
            for (int i = 0; i < frame.config.lCycles(); i++) {
                evaluate(schedule, injectL, new States(Z_L, Z_H), Z_L);
            }
            evaluate(schedule, injectH, new States(Z_L, Z_H), Z_H);
        }
    }

    /** The cycle that gradients go through; returns where it leaves the states. */
    States lastCycle(Schedule.Builder schedule) {
        var states = new States(Z_L, Z_H);
        for (int e = 0; e < frame.config.lCycles(); e++) {
            states = new States(evaluateKeeping(schedule, injectL, states, e), Z_H);
        }
        return new States(states.zL, evaluateKeeping(schedule, injectH, states, frame.config.lCycles()));
    }

    private void evaluate(Schedule.Builder schedule, Program inject, States from, int result) {
        int last = 2 * frame.config.lLayers();
        net(schedule, inject, from, block -> block < last ? WORK : result, layer -> unkept);
    }

    private int evaluateKeeping(Schedule.Builder schedule, Program inject, States from, int evaluation) {
        net(schedule, inject, from, block -> slot(evaluation, block), layer -> keptSlot(evaluation, layer));
        return slot(evaluation, 2 * frame.config.lLayers());
    }

    /** The slot of the state after some blocks of a kept evaluation. */
    private int slot(int evaluation, int block) {
        return FIRST_KEPT + evaluation * (1 + 2 * frame.config.lLayers()) + block;
    }

    private int keptSlot(int evaluation, int layer) {
        return evaluation * frame.config.lLayers() + layer;
    }

    private void net(
            Schedule.Builder schedule, Program inject, States from, IntUnaryOperator slot, IntUnaryOperator kept) {
        schedule.with(fromL, from.zL).with(fromH, from.zH).with(frame.out, slot.applyAsInt(0)).run(inject);
        for (int layer = 0; layer < frame.config.lLayers(); layer++) {
            schedule.with(frame.layer, layer).with(frame.kept, kept.applyAsInt(layer));
            run(schedule, mix.forward(), slot, 2 * layer);
            run(schedule, mlp.forward(), slot, 2 * layer + 1);
        }
    }

    private void run(Schedule.Builder schedule, Program program, IntUnaryOperator slot, int block) {
        schedule.with(frame.in, slot.applyAsInt(block)).with(frame.out, slot.applyAsInt(block + 1)).run(program);
    }

    /**
     * Goes back through the last cycle. Before: {@link Frame#dState} holds the gradient by z_H. After: the
     * weights' gradients are added to, and {@link #dx} holds the gradient by x. What flows on into the
     * states before the cycle is dropped there.
     */
    void backward(Schedule.Builder schedule) {
        schedule.run(clearDx);
        for (int e = frame.config.lCycles(); e >= 0; e--) {
            int evaluation = e;
            IntUnaryOperator slot = block -> slot(evaluation, block);
            for (int layer = frame.config.lLayers() - 1; layer >= 0; layer--) {
                schedule.with(frame.layer, layer).with(frame.kept, keptSlot(e, layer));
                run(schedule, mlp.backward(), slot, 2 * layer + 1);
                run(schedule, mix.backward(), slot, 2 * layer);
            }
            if (e < frame.config.lCycles()) {
                schedule.run(addDx);
            }
        }
    }
}
