package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A GPU, and the compiler that tells what a kernel takes of it. */
interface Target {

    /** Returns what there is, in the order of the table. */
    static List<Target> all() {
        return List.of(
                new NvidiaClang(Gpu.SM_80), new NvidiaClang(Gpu.SM_90), new NvidiaNvcc(Gpu.SM_90),
                new Amd(Gpu.GFX90A), new Amd(Gpu.GFX1100), new Intel(Gpu.DG2));
    }

    Gpu gpu();

    /** Returns the compiler's name, to tell it from others for the same GPU. */
    String compiler();

    /** Returns what is not installed here, in a sentence that says what to install. */
    Optional<String> missing();

    boolean takes(KernelSource.Language language);

    /**
     * Compiles a kernel.
     *
     * @param folder for files, this kernel's and target's own
     * @throws IOException if a compiler fails, in which case the kernel is not one for it
     */
    Usage compile(KernelSource kernel, Path folder) throws IOException, InterruptedException;
}
