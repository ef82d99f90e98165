package trm4j.cli.bench;

import java.util.Collections;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.Operation;

/**
 * What a device can do, as measured on it.
 *
 * @param flops multiplications and additions a second, in chains of multiply-adds on registers
 * @param bandwidth bytes a second read and written, in a copy of more than caches hold
 * @param programLaunch seconds from one program to the next, beside its kernels
 * @param kernelLaunch seconds of a kernel with next to nothing to do, in a program of several
 */
public record Peak(double flops, double bandwidth, double programLaunch, double kernelLaunch) {

    /** Elements of the chains: more than a large GPU works on at a time. */
    private static final int CHAINS = 1 << 20;
    /**
     * Lengths of the chains, of which the first is taken that keeps a device busy for a while: not longer, so that one
     * of many samples is undisturbed.
     */
    private static final List<Integer> LENGTHS = List.of(512, 4096, 65_536, 1_048_576);
    private static final double LONG_ENOUGH = 0.02;
    /** Elements that are copied, 128 MiB: more than caches hold. */
    private static final int COPIED = 1 << 25;
    private static final int LAUNCHES = 64;
    private static final int KERNELS = 9;

    /**
     * Measures a device.
     *
     * @param budget seconds for each figure
     */
    static Peak of(Device device, double budget) {
        var one = launches(1);
        var many = launches(KERNELS);
        try (var execution = device.open(List.of(one, many))) {
            double alone = best(execution, one, budget) / LAUNCHES;
            double together = best(execution, many, budget) / LAUNCHES;
            double kernel = Math.max(0, together - alone) / (KERNELS - 1);
            double program = Math.max(0, alone - kernel);
            return new Peak(flops(device, program, budget), bandwidth(device, program, budget), program, kernel);
        }
    }

    private static double flops(Device device, double launch, double budget) {
        var x = Buffer.floats("x", CHAINS).all();
        var schedules = LENGTHS.stream().map(length -> schedule(new FmaChain(x, 0.5f, 0.5f, length))).toList();
        try (var execution = device.open(schedules)) {
            for (int i = 0; ; i++) {
                double best = best(execution, schedules.get(i), budget) - launch;
                if (best >= LONG_ENOUGH || i == LENGTHS.size() - 1) {
                    return 2.0 * CHAINS * LENGTHS.get(i) / best;
                }
            }
        }
    }

    private static double bandwidth(Device device, double launch, double budget) {
        var from = Buffer.floats("from", COPIED).all();
        var copy = CopyColumns.all(from, Buffer.floats("to", COPIED).all());
        var schedule = schedule(copy);
        try (var execution = device.open(List.of(schedule))) {
            return copy.bytes() / (best(execution, schedule, budget) - launch);
        }
    }

    private static Schedule launches(int kernels) {
        var fill = new Fill(Buffer.floats("one", 1).all(), 1);
        var program = new Program("launch " + kernels, Collections.nCopies(kernels, fill));
        return OperationBench.repeated(program, LAUNCHES);
    }

    private static Schedule schedule(Operation operation) {
        return OperationBench.repeated(new Program("peak", operation), 1);
    }

    private static double best(Execution execution, Schedule schedule, double budget) {
        return Times.warm(budget, () -> execution.run(schedule)).least();
    }

    /** Returns the least seconds that something can take here. */
    double least(long flops, long bytes) {
        return Math.max(flops / this.flops, bytes / bandwidth);
    }

    /** Tells whether arithmetic is what bounds something, rather than moving numbers. */
    boolean bindsArithmetic(long flops, long bytes) {
        return flops / this.flops >= bytes / bandwidth;
    }

    /** Seconds that a device takes to start so many programs and kernels. */
    double launching(long programs, long kernels) {
        return programs * programLaunch + kernels * kernelLaunch;
    }
}
