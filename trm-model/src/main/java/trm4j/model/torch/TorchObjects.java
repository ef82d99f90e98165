package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.ElementType;

/** The Python names that a file of tensors needs, and what calling them gives; all others are refused. */
final class TorchObjects implements Pickle.Objects {

    private enum Function {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER,
        SIZE
    }

    private static final Map<String, Function> FUNCTIONS = Map.of(
            "collections.OrderedDict", Function.ORDERED_DICT,
            "torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR,
            "torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER,
            "torch.Size", Function.SIZE);

    private static final Map<String, ElementType> STORAGES = Map.of(
            "torch.DoubleStorage", ElementType.F64, "torch.FloatStorage", ElementType.F32,
            "torch.HalfStorage", ElementType.F16, "torch.BFloat16Storage", ElementType.BF16,
            "torch.LongStorage", ElementType.I64, "torch.IntStorage", ElementType.I32,
            "torch.ShortStorage", ElementType.I16, "torch.CharStorage", ElementType.I8,
            "torch.ByteStorage", ElementType.U8, "torch.BoolStorage", ElementType.BOOL);

    /** As PyTorch has it. */
    private static final int MOST_DIMENSIONS = 64;

    private final TorchFileErrors errors;
    private final long mostElements;

    /**
     * Makes the names.
     *
     * @param mostElements of a tensor
     */
    TorchObjects(TorchFileErrors errors, long mostElements) {
        this.errors = errors;
        this.mostElements = mostElements;
    }

    @Override
    public Object global(String module, String name) {
        var path = module + "." + name;
        Object known = FUNCTIONS.containsKey(path) ? FUNCTIONS.get(path) : STORAGES.get(path);
        if (known == null) {
            throw errors.refused(path);
        }
        return known;
    }

    @Override
    public Object call(Object callable, List<Object> arguments) {
        errors.require(callable instanceof Function, "a call of a function", "another object");
        return switch ((Function) callable) {
            case ORDERED_DICT -> {
                errors.require(arguments.isEmpty(), "an empty OrderedDict", arguments.size() + " arguments");
                yield new LinkedHashMap<>();
            }
            case REBUILD_TENSOR -> tensor(arguments);
            case REBUILD_PARAMETER -> argument(arguments, 0, TorchTensor.class);
            case SIZE -> argument(arguments, 0, Pickle.Tuple.class);
        };
    }

    private TorchTensor tensor(List<Object> arguments) {
        var storage = argument(arguments, 0, TorchTensor.Storage.class);
        long offset = count(argument(arguments, 1, Long.class));
        var shape = counts(argument(arguments, 2, Pickle.Tuple.class));
        var strides = counts(argument(arguments, 3, Pickle.Tuple.class));
        errors.require(shape.length == strides.length, "a stride for each of " + shape.length + " dimensions",
                strides.length);
        errors.require(shape.length <= MOST_DIMENSIONS, "at most " + MOST_DIMENSIONS + " dimensions", shape.length);
        var dimensions = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            errors.require(shape[i] <= Integer.MAX_VALUE, "dimensions below 2^31", shape[i]);
            dimensions[i] = (int) shape[i];
        }
        var tensor = new TorchTensor(storage, offset, dimensions, strides);
        errors.require(tensor.fits(), "a tensor within its storage of " + storage.elements() + " elements",
                "one that reaches beyond it");
        errors.require(
                tensor.size() <= mostElements, "a tensor of at most " + mostElements
                        + " elements in a file of its size", tensor.size());
        return tensor;
    }

    /** {@code ('storage', torch.FloatStorage, '0', 'cpu', 123)}. */
    @Override
    public Object persistent(Object id) {
        errors.require(id instanceof Pickle.Tuple, "a storage's description", "another object");
        var parts = ((Pickle.Tuple) id).elements();
        errors.require("storage".equals(argument(parts, 0, String.class)), "a storage", shown(parts.getFirst()));
        return new TorchTensor.Storage(
                argument(parts, 1, ElementType.class), argument(parts, 2, String.class),
                count(argument(parts, 4, Long.class)));
    }

    private <T> T argument(List<Object> arguments, int index, Class<T> type) {
        errors.require(
                index < arguments.size() && type.isInstance(arguments.get(index)),
                "a " + type.getSimpleName() + " to describe a tensor", "another object");
        return type.cast(arguments.get(index));
    }

    private long[] counts(Pickle.Tuple tuple) {
        var counts = new long[tuple.elements().size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = count(argument(tuple.elements(), i, Long.class));
        }
        return counts;
    }

    private long count(long value) {
        errors.require(value >= 0, "a count of at least 0", value);
        return value;
    }
}
