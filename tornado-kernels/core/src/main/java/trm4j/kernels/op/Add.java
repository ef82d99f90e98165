package trm4j.kernels.op;

import java.util.List;
import trm4j.kernels.Tensor;

/**
 * out = the sum of the terms, element by element.
 *
 * @param terms two or three, like out
 * @param out may be one of the terms
 */
public record Add(List<Tensor> terms, Tensor out) implements Operation {

    public Add {
        terms = List.copyOf(terms);
        Operation.require(
                (terms.size() == 2 || terms.size() == 3) && terms.stream().allMatch(t -> t.size() == out.size()),
                "add", terms, out);
    }

    @Override
    public List<Tensor> reads() {
        return terms;
    }

    @Override
    public List<Tensor> writes() {
        return List.of(out);
    }
}
