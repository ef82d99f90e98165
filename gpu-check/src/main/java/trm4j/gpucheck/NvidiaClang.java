package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** OpenCL C for NVIDIA's GPUs by clang and ptxas, as NVIDIA's own driver has LLVM too. */
record NvidiaClang(Gpu gpu) implements Target {

    private static final String WORDS = "opencl-for-nvptx.h";

    @Override
    public String compiler() {
        return "clang, ptxas";
    }

    @Override
    public Optional<String> missing() {
        if (Clang.find().isEmpty()) {
            return Optional.of("there is no clang; install it (Debian: clang-19).");
        }
        return Tool.find("ptxas").isPresent() && library().isPresent()
                ? Optional.empty()
                : Optional.of("there is no ptxas, or no libdevice beside it; install CUDA (Debian, non-free:"
                        + " nvidia-cuda-toolkit).");
    }

    /** CUDA's mathematics, in LLVM's bitcode. */
    private static Optional<Path> library() {
        try (var local = Files.list(Path.of("/usr/local"))) {
            var installed = local.filter(path -> path.getFileName().toString().startsWith("cuda"))
                    .map(path -> path.resolve("nvvm/libdevice"));
            return Stream.concat(installed, Stream.of(
                            Path.of("/usr/lib/cuda/nvvm/libdevice"), Path.of("/usr/lib/nvidia-cuda-toolkit/libdevice")))
                    .map(folder -> folder.resolve("libdevice.10.bc"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean takes(KernelSource.Language language) {
        return language == KernelSource.Language.OPENCL;
    }

    @Override
    public Usage compile(KernelSource kernel, Path folder) throws IOException, InterruptedException {
        try (var words = NvidiaClang.class.getResourceAsStream(WORDS)) {
            Files.write(folder.resolve(WORDS), words.readAllBytes());
        }
        Files.writeString(folder.resolve("kernel.cl"), "#include \"" + WORDS + "\"\n"
                + kernel.text().replaceAll("(?m)^#pragma OPENCL EXTENSION.*$", ""));
        var command = Clang.command(
                "nvptx64-nvidia-cuda", "CL1.2", List.of(library().orElseThrow().toString()), "kernel.cl", "kernel.ptx");
        command.add("-march=" + gpu.processor);
        Tool.run(folder, command);
        return Told.ptxas(Tool.run(
                folder, List.of("ptxas", "-v", "-arch=" + gpu.processor, "kernel.ptx", "-o", "kernel.cubin")));
    }
}
