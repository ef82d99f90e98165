package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * out = the sum of the terms, element by element. Of three numbers of bfloat16, the last two are added first, and their
 * sum is rounded.
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
    public String name() {
        return terms.size() == 2 ? "add" : "add 3";
    }

    @Override
    public String size() {
        return out.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return terms;
    }

    @Override
    public List<Tensor> writes() {
        return List.of(out);
    }

    @Override
    public Add map(UnaryOperator<Tensor> to) {
        return new Add(terms.stream().map(to).toList(), to.apply(out));
    }
}
