package trm4j.cli.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.Parity;
import trm4j.model.config.Settings;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;
import trm4j.model.net.Parameters;

/** Recordings of steps that no reference took, and how trm parity reads them. */
final class Recordings {

    private static final String ARCH = """
            {"seq_len": 4, "vocab_size": 6, "num_puzzle_identifiers": 2, "hidden_size": 2, "num_heads": 1,
             "puzzle_emb_ndim": 2, "puzzle_emb_len": 1, "h_cycles": 1, "l_cycles": 1, "l_layers": 1, "expansion": 1,
             "halt_max_steps": 2}""";

    private Recordings() {}

    /** Makes a folder of a run in {@code recording}, and of a sealed step in {@code sealed}. */
    static void make(Path run, Path sealed) throws IOException {
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(ARCH), "seed");
        var weights = new Parameters(config).initialize(0);
        makeRun(run, weights);
        makeSealed(sealed, weights);
    }

    private static void makeConfig(Path folder, String first) throws IOException {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("config.json"), """
                {FIRST"arch": ARCH, "train": {"steps": 1, "total_steps": 4, "lr": 0.001}}"""
                .replace("FIRST", first)
                .replace("ARCH", ARCH.replaceFirst("\\{", "{\"batch_size\": 1, ")));
    }

    private static void makeSealed(Path folder, Map<String, HostTensor> weights) throws IOException {
        makeConfig(folder, "\"format\": 2, ");
        var state = zeros("""
                batch.inputs 4 batch.labels 4 batch.puzzle_identifiers 1 carry.z_H 10 carry.z_L 10 carry.steps 1 \
                carry.halted 1 carry.inputs 4 carry.labels 4 carry.puzzle_identifiers 1""");
        for (var prefix : new String[] {"weights.", "m.", "v.", "ema."}) {
            weights.forEach((name, tensor) -> state.put(prefix + name, tensor));
        }
        new Safetensors(state, Map.of()).write(folder.resolve("before-1.safetensors"));
        new Safetensors(zeros("logits 24 carry.steps 1"), Map.of()).write(folder.resolve("after-1.safetensors"));
        Files.writeString(folder.resolve("spread.json"), """
                {"after-1": {"logits": 0.5, "carry.steps": 0.0}}""");
    }

    private static void makeRun(Path folder, Map<String, HostTensor> weights) throws IOException {
        makeConfig(folder, "");
        new Safetensors(weights, Map.of()).write(folder.resolve("initial.safetensors"));
        new Safetensors(weights, Map.of()).write(folder.resolve("final.safetensors"));
        var step = zeros("""
                batch.inputs 4 batch.labels 4 batch.puzzle_identifiers 1 logits 24 preds 4 q_halt_logits 1 loss 1 \
                carry.z_H 10 carry.z_L 10 carry.steps 1 carry.halted 1 carry.inputs 4 carry.labels 4 lr 2 \
                metric.count 1 metric.accuracy 1 metric.exact_accuracy 1 metric.q_halt_accuracy 1 metric.steps 1 \
                metric.lm_loss 1 metric.q_halt_loss 1 grad.puzzle_rows 2""");
        new Safetensors(step, Map.of()).write(folder.resolve("step-1.safetensors"));
    }

    /** Returns tensors of zeros, of which names and sizes are given. */
    private static Map<String, HostTensor> zeros(String namesAndSizes) {
        var tensors = new LinkedHashMap<String, HostTensor>();
        var words = namesAndSizes.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            int size = Integer.parseInt(words[i + 1]);
            tensors.put(words[i], new HostTensor(new int[] {size}, new float[size]));
        }
        return tensors;
    }

    /** Replays one with another file. */
    static Target.Reader read(String name, String changed) {
        return (folder, input, seeds) -> {
            var recording = seeds.copy(name, folder.resolve(name));
            Files.write(recording.resolve(changed), input);
            Parity.replay(recording, TestDevices.cpu(1));
        };
    }
}
