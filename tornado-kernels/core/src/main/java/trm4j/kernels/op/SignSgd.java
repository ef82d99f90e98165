package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * SignSGD on the rows of a table that a batch used: gradients of equal ids are summed in batch order, then
 * row = row (1 - lr decay) - lr sign(sum).
 *
 * @param ids [batch], I32
 * @param gradients [batch, n]
 * @param table [rows, n]
 * @param rate one number: lr
 * @param decay the weight decay
 */
public record SignSgd(Tensor ids, Tensor gradients, Tensor table, Tensor rate, float decay) implements Operation {

    public SignSgd {
        Operation.require(
                gradients.rank() == 2 && table.rank() == 2 && gradients.dim(1) == table.dim(1)
                        && ids.size() == gradients.dim(0) && rate.size() == 1,
                "signSgd", ids, gradients, table, rate);
    }

    @Override
    public String name() {
        return "signSgd";
    }

    @Override
    public String size() {
        return ids.shape().label() + " of " + table.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(ids, gradients, table, rate);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(table);
    }

    @Override
    public SignSgd map(UnaryOperator<Tensor> to) {
        return new SignSgd(to.apply(ids), to.apply(gradients), to.apply(table), to.apply(rate), decay);
    }

    /** Returns the bytes with those rows of the table only that are used. */
    @Override
    public long bytes() {
        return ids.bytes() + gradients.bytes() + 2 * table.bytes(gradients.size());
    }

    @Override
    public Values values(Tensor operand) {
        return operand.equals(ids) ? Values.below(table.dim(0))
                : operand.equals(rate) ? Values.POSITIVE : Operation.super.values(operand);
    }
}
