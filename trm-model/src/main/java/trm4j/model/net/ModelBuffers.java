package trm4j.model.net;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Execution;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;

/**
 * What a checkpoint holds, on a device: the dense weights in one piece, the first states of z_H and z_L, the puzzle
 * table.
 */
public final class ModelBuffers {

    /** All dense weights, laid out as {@link Parameters} says. */
    public final Buffer weights;
    final Buffer hInit;
    final Buffer lInit;
    /** The puzzle table [identifiers, width]; null without one. */
    public final Buffer table;

    private final TrmConfig config;
    private final Parameters parameters;

    ModelBuffers(TrmConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        weights = Buffer.floats("weights", parameters.size());
        hInit = Buffer.floats("H_init", config.hiddenSize());
        lInit = Buffer.floats("L_init", config.hiddenSize());
        table = config.puzzleEmbNdim() > 0
                ? Buffer.floats("puzzles", config.numPuzzleIdentifiers(), config.puzzleEmbNdim())
                : null;
    }

    /**
     * Writes a checkpoint's tensors to a device.
     *
     * @param flat the buffers that take the dense weights
     * @param source what the tensors come from, for messages
     * @throws trm4j.model.file.CheckpointException if one is missing or of another shape
     */
    public void write(Execution execution, Map<String, HostTensor> tensors, List<Buffer> flat, String source) {
        var dense = parameters.join(tensors, source);
        flat.forEach(buffer -> execution.write(buffer, dense));
        execution.write(hInit, Parameters.find(tensors, Parameters.H_INIT, source, config.hiddenSize()));
        execution.write(lInit, Parameters.find(tensors, Parameters.L_INIT, source, config.hiddenSize()));
        if (table != null) {
            execution.write(table, Parameters.find(
                    tensors, Parameters.PUZZLES, source, config.numPuzzleIdentifiers(), config.puzzleEmbNdim()));
        }
    }

    /**
     * Reads a checkpoint's tensors from a device.
     *
     * @param flat the buffer that holds the dense weights
     */
    public Map<String, HostTensor> read(Execution execution, Buffer flat) {
        var tensors = new LinkedHashMap<String, HostTensor>();
        int[] vector = {config.hiddenSize()};
        tensors.put(Parameters.H_INIT, new HostTensor(vector, execution.floats(hInit)));
        tensors.put(Parameters.L_INIT, new HostTensor(vector, execution.floats(lInit)));
        if (table != null) {
            int[] shape = {config.numPuzzleIdentifiers(), config.puzzleEmbNdim()};
            tensors.put(Parameters.PUZZLES, new HostTensor(shape, execution.floats(table)));
        }
        tensors.putAll(parameters.split(execution.floats(flat)));
        return tensors;
    }
}
