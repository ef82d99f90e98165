package trm4j.gpucheck;

import java.util.List;

/**
 * A kernel as TornadoVM writes it for a device's own compiler.
 *
 * @param name of the kernel, and the scalars that are compiled into it
 * @param threads of a work-group
 * @param uses what launches it at full size
 * @param language what it is written in
 * @param text the source
 */
public record KernelSource(String name, int threads, List<Use> uses, Language language, String text) {

    /** What TornadoVM's backends write. */
    public enum Language { OPENCL, CUDA }

    /**
     * The launches of one model's training step and step of solving.
     *
     * @param fewestGroups the work-groups of the smallest launch
     * @param mostGroups the work-groups of the largest
     * @param share of the training step's time, estimated, 0 to 1
     * @param idle whether launches of more than 1% of the step leave multiprocessors without a work-group
     */
    public record Use(String model, long fewestGroups, long mostGroups, double share, boolean idle) {}
}
