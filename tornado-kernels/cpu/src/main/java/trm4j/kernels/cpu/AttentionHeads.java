package trm4j.kernels.cpu;

import trm4j.kernels.Tensor;

/** Where the queries, keys and values of attention's heads lie, and their outputs. */
record AttentionHeads(int batch, int length, int heads, int size) {

    static AttentionHeads of(Tensor qkv) {
        return new AttentionHeads(qkv.dim(0), qkv.dim(1), qkv.dim(3), qkv.dim(4));
    }

    /** Returns the elements from one position's queries, keys and values to the next one's. */
    int qkvRow() {
        return 3 * heads * size;
    }

    /** Returns the elements from one position's outputs to the next one's. */
    int outRow() {
        return heads * size;
    }

    /** Returns the elements from the first to a head's queries; heads are counted through all sequences. */
    int query(int head) {
        return head / heads * length * qkvRow() + head % heads * size;
    }

    int key(int head) {
        return query(head) + heads * size;
    }

    int value(int head) {
        return query(head) + 2 * heads * size;
    }

    int out(int head) {
        return head / heads * length * outRow() + head % heads * size;
    }

    float scale() {
        return (float) (1 / Math.sqrt(size));
    }
}
