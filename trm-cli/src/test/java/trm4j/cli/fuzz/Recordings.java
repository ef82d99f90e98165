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

/** A recording of a step that no reference took, and how trm parity reads it. */
final class Recordings {

    private static final String ARCH = """
            {"seq_len": 4, "vocab_size": 6, "num_puzzle_identifiers": 2, "hidden_size": 2, "num_heads": 1,
             "puzzle_emb_ndim": 2, "puzzle_emb_len": 1, "h_cycles": 1, "l_cycles": 1, "l_layers": 1, "expansion": 1,
             "halt_max_steps": 2}""";

    private Recordings() {}

    static void make(Path folder) throws IOException {
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(ARCH), "seed");
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("config.json"), """
                {"arch": ARCH, "train": {"steps": 1, "total_steps": 4, "lr": 0.001}}"""
                .replace("ARCH", ARCH.replaceFirst("\\{", "{\"batch_size\": 1, ")));
        var weights = new Parameters(config).initialize(0);
        new Safetensors(weights, Map.of()).write(folder.resolve("initial.safetensors"));
        new Safetensors(weights, Map.of()).write(folder.resolve("final.safetensors"));
        var step = new LinkedHashMap<String, HostTensor>();
        var tensors = """
                batch.inputs 4 batch.labels 4 batch.puzzle_identifiers 1 logits 24 preds 4 q_halt_logits 1 loss 1 \
                carry.z_H 10 carry.z_L 10 carry.steps 1 carry.halted 1 carry.inputs 4 carry.labels 4 lr 2 \
                metric.count 1 metric.accuracy 1 metric.exact_accuracy 1 metric.q_halt_accuracy 1 metric.steps 1 \
                metric.lm_loss 1 metric.q_halt_loss 1 grad.puzzle_rows 2""".split(" ");
        for (int i = 0; i < tensors.length; i += 2) {
            int size = Integer.parseInt(tensors[i + 1]);
            step.put(tensors[i], new HostTensor(new int[] {size}, new float[size]));
        }
        new Safetensors(step, Map.of()).write(folder.resolve("step-1.safetensors"));
    }

    /** Replays it with another file. */
    static Target.Reader read(String changed) {
        return (folder, input, seeds) -> {
            var recording = seeds.copy("recording", folder.resolve("recording"));
            Files.write(recording.resolve(changed), input);
            Parity.replay(recording, TestDevices.cpu(1));
        };
    }
}
