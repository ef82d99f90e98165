package trm4j.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import trm4j.model.config.Settings;

/**
 * Compiles kernels for GPUs, and prints what they take: {@code CompileCheck FOLDER all|sample KERNELS.json...}. Exit
 * status 1 says that one keeps what it sums up in memory, or leaves much of a GPU idle.
 */
public final class CompileCheck {

    /** Kernels below this share of every model's step are not in the sample. */
    private static final double NOTABLE = 0.01;

    private final Path folder;
    private final List<Target> targets;
    private final List<String> failures = new ArrayList<>();

    CompileCheck(Path folder, List<Target> targets) {
        this.folder = folder;
        this.targets = targets;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var kernels = new ArrayList<KernelSource>();
        for (var file : Arrays.asList(args).subList(2, args.length)) {
            kernels.addAll(List.of(Settings.MAPPER.readValue(Path.of(file).toFile(), KernelSource[].class)));
        }
        if (args[1].equals("sample")) {
            kernels.removeIf(kernel -> kernel.uses().stream().noneMatch(use -> use.share() > NOTABLE));
        }
        var targets = new ArrayList<Target>();
        for (var target : Target.all()) {
            var missing = target.missing();
            if (missing.isPresent()) {
                System.out.println("Skipped, " + name(target) + ": " + missing.get());
            } else if (kernels.stream().anyMatch(kernel -> target.takes(kernel.language()))) {
                targets.add(target);
            }
        }
        var check = new CompileCheck(Path.of(args[0]), targets);
        check.table(kernels).forEach(System.out::println);
        check.failures().forEach(System.out::println);
        if (!check.failures().isEmpty()) {
            System.exit(1);
        }
    }

    private static String name(Target target) {
        return target.gpu().processor + " (" + target.compiler() + ")";
    }

    /** Returns what is wrong, a sentence each, after {@link #table}. */
    List<String> failures() {
        return failures;
    }

    /** Compiles all kernels, and returns a table of them, a line each. */
    List<String> table(List<KernelSource> kernels) throws InterruptedException {
        var lines = new ArrayList<String>();
        lines.add("Of each kernel: work-groups launched at full size, share of a training step (estimated), bytes of"
                + " local memory; then registers of a thread / bytes spilled / bytes of stack / work-groups that fit a"
                + " multiprocessor.");
        lines.add("");
        lines.add("| kernel | work-groups | of a step | local | "
                + targets.stream().map(CompileCheck::name).collect(Collectors.joining(" | ")) + " |");
        lines.add("|---".repeat(4 + targets.size()) + "|");
        try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            // A kernel that several backends wrote has one line.
            var all = new LinkedHashMap<String, KernelSource>();
            var usages = new LinkedHashMap<String, Map<Target, Future<Usage>>>();
            for (var kernel : kernels) {
                var key = kernel.name() + ", " + kernel.threads();
                all.putIfAbsent(key, kernel);
                var compiled = usages.computeIfAbsent(key, _ -> new LinkedHashMap<>());
                targets.stream().filter(target -> target.takes(kernel.language())).forEach(
                        target -> compiled.put(target, pool.submit(() -> compile(kernel, target))));
            }
            for (var entry : all.entrySet()) {
                lines.add(line(entry.getValue(), usages.get(entry.getKey())));
            }
        }
        return lines;
    }

    private Usage compile(KernelSource kernel, Target target) throws IOException, InterruptedException {
        return target.compile(kernel, Files.createTempDirectory(folder, "kernel"));
    }

    private String line(KernelSource kernel, Map<Target, Future<Usage>> usages) throws InterruptedException {
        for (var use : kernel.uses()) {
            if (use.idle()) {
                failures.add("Kernel " + kernel.name() + " of " + use.model() + ": expected a work-group for each"
                        + " multiprocessor, since it takes more than 1% of a step, found " + use.fewestGroups() + ".");
            }
        }
        var cells = new ArrayList<String>();
        int local = 0;
        for (var target : targets) {
            var found = usages.get(target);
            if (found == null) {
                cells.add("");
                continue;
            }
            try {
                var usage = found.get();
                local = Math.max(local, usage.local());
                cells.add((usage.registers() == 0 ? "-" : usage.registers()) + " / " + usage.spilled() + " / "
                        + usage.stack() + " / " + target.gpu().groups(usage, kernel.threads()));
                if (!usage.staysInRegisters()) {
                    failures.add("Kernel " + kernel.name() + " for " + name(target) + ": expected all its sums in"
                            + " registers, found " + usage.spilled() + " bytes spilled and " + usage.stack()
                            + " bytes of stack.");
                }
            } catch (ExecutionException e) {
                cells.add("does not compile");
                failures.add("Kernel " + kernel.name() + " for " + name(target) + " does not compile: "
                        + e.getCause().getMessage());
            }
        }
        return "| " + kernel.name() + " | " + groups(kernel) + " | " + share(kernel) + " | " + local + " | "
                + String.join(" | ", cells) + " |";
    }

    private static String groups(KernelSource kernel) {
        return kernel.uses().stream()
                .map(use -> use.fewestGroups() == use.mostGroups()
                        ? "" + use.mostGroups()
                        : use.fewestGroups() + " to " + use.mostGroups())
                .collect(Collectors.joining("; "));
    }

    private static String share(KernelSource kernel) {
        return kernel.uses().stream()
                .map(use -> "%.1f%%".formatted(100 * use.share()))
                .collect(Collectors.joining("; "));
    }
}
