package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** OpenCL C for AMD's GPUs by clang, which ROCm's compiler is made of. */
record Amd(Gpu gpu) implements Target {

    /** Where Debian has ROCm's libraries of functions, and where AMD's own packages put them. */
    private static final List<Path> FOLDERS = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/amdgcn/bitcode"), Path.of("/opt/rocm/amdgcn/bitcode"));

    @Override
    public String compiler() {
        return "clang";
    }

    private static Optional<Path> libraries() {
        return FOLDERS.stream().filter(folder -> Files.isRegularFile(folder.resolve("ocml.bc"))).findFirst();
    }

    @Override
    public Optional<String> missing() {
        if (Clang.find().isEmpty()) {
            return Optional.of("there is no clang; install it (Debian: clang-19).");
        }
        return libraries().isPresent()
                ? Optional.empty()
                : Optional.of("there are no ROCm device libraries; install them (Debian: rocm-device-libs).");
    }

    @Override
    public boolean takes(KernelSource.Language language) {
        return language == KernelSource.Language.OPENCL;
    }

    @Override
    public Usage compile(KernelSource kernel, Path folder) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.cl"), kernel.text());
        boolean wide = gpu == Gpu.GFX90A;
        // Debian 12's libraries do not know gfx1100, of which they ask what 1030 has too.
        var isa = wide ? "90a" : "1030";
        var command = Clang.command(
                "amdgcn-amd-amdhsa", "CL2.0",
                Stream.of("opencl", "ocml", "ockl", "oclc_correctly_rounded_sqrt_on", "oclc_daz_opt_off",
                                "oclc_finite_only_off", "oclc_unsafe_math_off",
                                "oclc_wavefrontsize64_" + (wide ? "on" : "off"), "oclc_isa_version_" + isa,
                                "oclc_abi_version_500")
                        .map(name -> libraries().orElseThrow().resolve(name + ".bc").toString())
                        .toList(),
                "kernel.cl", "kernel.s");
        command.addAll(List.of("-mcpu=" + gpu.processor, "-nogpulib"));
        Tool.run(folder, command);
        return Told.amd(Files.readString(folder.resolve("kernel.s")));
    }
}
