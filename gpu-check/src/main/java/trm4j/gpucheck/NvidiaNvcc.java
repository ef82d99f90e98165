package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What TornadoVM's CUDA backend writes, by nvcc, whose compiler is that of NVRTC. */
record NvidiaNvcc(Gpu gpu) implements Target {

    @Override
    public String compiler() {
        return "nvcc";
    }

    @Override
    public Optional<String> missing() {
        return Tool.find("nvcc").isPresent()
                ? Optional.empty()
                : Optional.of("there is no nvcc; install CUDA (Debian, non-free: nvidia-cuda-toolkit).");
    }

    @Override
    public boolean takes(KernelSource.Language language) {
        return language == KernelSource.Language.CUDA;
    }

    @Override
    public Usage compile(KernelSource kernel, Path folder) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.cu"), kernel.text());
        return Told.ptxas(Tool.run(folder, List.of(
                "nvcc", "-arch=" + gpu.processor, "-cubin", "-Xptxas", "-v", "-w", "kernel.cu", "-o", "kernel.cubin")));
    }
}
