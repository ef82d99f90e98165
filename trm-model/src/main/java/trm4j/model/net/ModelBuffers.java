package trm4j.model.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Execution;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;

/**
 * The buffers that hold a checkpoint on a device: the dense weights in one piece, the first states of z_H and z_L, the
 * puzzle table.
 */
public final class ModelBuffers {

    /** All dense weights, laid out as {@link Parameters} says. */
    public final Buffer weights;
    final Buffer hInit;
    final Buffer lInit;
    /** The puzzle table [identifiers, width], if there is one. */
    final Optional<Buffer> table;

    private final TrmConfig config;
    private final Parameters parameters;

    ModelBuffers(TrmConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        weights = Buffer.floats("weights", parameters.size());
        hInit = Buffer.floats("H_init", config.hiddenSize());
        lInit = Buffer.floats("L_init", config.hiddenSize());
        table = config.puzzleEmbNdim() > 0
                ? Optional.of(Buffer.floats("puzzles", config.numPuzzleIdentifiers(), config.puzzleEmbNdim()))
                : Optional.empty();
    }

    /** Tells whether there is a puzzle table; without one, no program reads puzzle identifiers. */
    public boolean hasTable() {
        return table.isPresent();
    }

    /**
     * Writes a checkpoint's tensors to a device.
     *
     * @param source what the tensors come from, for messages
     * @param flat the buffers that take the dense weights
     * @throws trm4j.model.file.CheckpointException if one is missing or of another shape; nothing is written then
     */
    public void write(Execution execution, Map<String, HostTensor> tensors, String source, Buffer... flat) {
        parameters.requireAll(tensors, source);
        var dense = parameters.join(tensors);
        for (var buffer : flat) {
            execution.write(buffer, dense);
        }
        execution.write(hInit, tensors.get(Parameters.H_INIT).values());
        execution.write(lInit, tensors.get(Parameters.L_INIT).values());
        table.ifPresent(buffer -> execution.write(buffer, tensors.get(Parameters.PUZZLES).values()));
    }

    /**
     * Reads a checkpoint's tensors from a device.
     *
     * @param flat the buffer that holds the dense weights
     * @return the tensors by the reference's names
     */
    public Map<String, HostTensor> read(Execution execution, Buffer flat) {
        var tensors = new LinkedHashMap<String, HostTensor>();
        int[] vector = {config.hiddenSize()};
        tensors.put(Parameters.H_INIT, new HostTensor(vector, execution.floats(hInit)));
        tensors.put(Parameters.L_INIT, new HostTensor(vector, execution.floats(lInit)));
        table.ifPresent(buffer -> {
            int[] shape = {config.numPuzzleIdentifiers(), config.puzzleEmbNdim()};
            tensors.put(Parameters.PUZZLES, new HostTensor(shape, execution.floats(buffer)));
        });
        tensors.putAll(parameters.split(execution.floats(flat)));
        return tensors;
    }
}
