package trm4j.kernels.op;

import java.util.List;
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
    public List<Tensor> reads() {
        return List.of(ids, gradients, table, rate);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(table);
    }
}
