package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** OpenCL C for Intel's GPUs by ocloc, which has the driver's compiler. */
record Intel(Gpu gpu) implements Target {

    @Override
    public String compiler() {
        return "ocloc";
    }

    @Override
    public Optional<String> missing() {
        return Tool.find("ocloc").isPresent()
                ? Optional.empty()
                : Optional.of("there is no ocloc; install it (Debian: intel-opencl-icd).");
    }

    @Override
    public boolean takes(KernelSource.Language language) {
        return language == KernelSource.Language.OPENCL;
    }

    @Override
    public Usage compile(KernelSource kernel, Path folder) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.cl"), kernel.text());
        var log = Tool.run(folder, List.of(
                "ocloc", "compile", "-file", "kernel.cl", "-device", gpu.processor, "-options", "-cl-mad-enable -w",
                "-output", "kernel", "-out_dir", "."));
        Path binary;
        try (var files = Files.list(folder)) {
            binary = files.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("ocloc made no binary: " + log.strip()));
        }
        Tool.run(folder, List.of("ocloc", "disasm", "-file", binary.getFileName().toString(), "-dump", "tokens"));
        return Told.intel(log, Files.readString(folder.resolve("tokens/PTM.txt")));
    }
}
