/*
 * Stands in for cuBLAS and for the CUDA driver where there is no GPU: multiplies on the host, and refuses every
 * argument that the real library would refuse, or that would read or write what it should not. What was asked is
 * written down, for the test to read.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_VALUE = 7, NOT_SUPPORTED = 15 };
enum { R_32F = 0, R_16BF = 14 };

struct handle {
    int live;
    void *stream;
    int math;
};

static struct handle handles[64];
static int made;
static void *current;
static int major_version = 13;
static int next_status;
static char asked[1 << 16];
static char complaint[256];

static void note(const char *form, ...) {
    size_t used = strlen(asked);
    va_list values;
    va_start(values, form);
    vsnprintf(asked + used, sizeof asked - used, form, values);
    va_end(values);
}

static int refuse(const char *form, ...) {
    va_list values;
    va_start(values, form);
    vsnprintf(complaint, sizeof complaint, form, values);
    va_end(values);
    return INVALID_VALUE;
}

/* What the test asks of the stand-in itself. */

void standin_reset(int version, int status) {
    major_version = version;
    next_status = status;
    asked[0] = complaint[0] = 0;
}

const char *standin_asked(void) {
    return asked;
}

const char *standin_complaint(void) {
    return complaint;
}

int standin_live(void) {
    int live = 0;
    for (int i = 0; i < 64; i++) {
        live += handles[i].live;
    }
    return live;
}

/* The driver. */

int cuCtxSetCurrent(void *context) {
    current = context;
    return 0;
}

/* cuBLAS. */

int cublasGetProperty(int type, int *value) {
    *value = type == 0 ? major_version : type == 1 ? 4 : 2;
    return SUCCESS;
}

int cublasCreate_v2(void **handle) {
    if (next_status != 0) {
        return next_status;
    }
    struct handle *h = &handles[made++ % 64];
    h->live = 1;
    h->stream = 0;
    h->math = 0;
    *handle = h;
    note("create in %ld\n", (long)(intptr_t)current);
    return SUCCESS;
}

static struct handle *live(void *handle) {
    struct handle *h = handle;
    return h >= handles && h < handles + 64 && h->live ? h : 0;
}

int cublasDestroy_v2(void *handle) {
    struct handle *h = live(handle);
    if (!h) {
        return refuse("destroys what is no handle");
    }
    h->live = 0;
    note("destroy in %ld\n", (long)(intptr_t)current);
    return SUCCESS;
}

int cublasSetStream_v2(void *handle, void *stream) {
    struct handle *h = live(handle);
    if (!h) {
        return refuse("a stream for what is no handle");
    }
    h->stream = stream;
    note("stream %ld\n", (long)(intptr_t)stream);
    return SUCCESS;
}

int cublasSetMathMode(void *handle, int mode) {
    struct handle *h = live(handle);
    if (!h || mode != 16) {
        return refuse("math mode %d", mode);
    }
    h->math = mode;
    return SUCCESS;
}

/* Elements from a matrix's first to its last, and one more. */
static int64_t extent(int rows, int columns, int ld, int64_t stride, int count) {
    return (int64_t)(count - 1) * stride + (int64_t)(columns - 1) * ld + rows;
}

static int overlap(const char *one, int64_t size, const char *other, int64_t more) {
    return one < other + more && other < one + size;
}

static int bytes(int type) {
    return type == R_16BF ? 2 : 4;
}

static float at(const void *numbers, int type, int64_t i) {
    if (type == R_32F) {
        return ((const float *)numbers)[i];
    }
    uint32_t bits = (uint32_t)((const uint16_t *)numbers)[i] << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static void set(void *numbers, int type, int64_t i, float value) {
    if (type == R_32F) {
        ((float *)numbers)[i] = value;
        return;
    }
    uint32_t bits;
    memcpy(&bits, &value, 4);
    ((uint16_t *)numbers)[i] = value != value ? 0x7FFF : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

static int gemm(
        void *handle, int transa, int transb, int m, int n, int k, const float *alpha, const void *a, int atype,
        int lda, int64_t stridea, const void *b, int btype, int ldb, int64_t strideb, const float *beta, void *c,
        int ctype, int ldc, int64_t stridec, int count, int compute, int algorithm) {
    struct handle *h = live(handle);
    if (!h) {
        return refuse("no handle");
    }
    if (transa < 0 || transa > 1 || transb < 0 || transb > 1) {
        return refuse("transpositions %d %d", transa, transb);
    }
    if (m < 1 || n < 1 || k < 1 || count < 1) {
        return refuse("sizes %d %d %d, %d of them", m, n, k, count);
    }
    if (atype != btype || (atype != R_32F && atype != R_16BF) || (ctype != R_32F && ctype != atype)) {
        refuse("types %d %d %d, expected CUDA_R_32F or CUDA_R_16BF, C's A's or CUDA_R_32F", atype, btype, ctype);
        return NOT_SUPPORTED;
    }
    if (compute != 68 && (atype == R_16BF || (compute != 75 && compute != 77))) {
        refuse("compute type %d for type %d", compute, atype);
        return NOT_SUPPORTED;
    }
    if (h->math != 16) {
        return refuse("sums in C's type");
    }
    if (algorithm != -1) {
        return refuse("algorithm %d", algorithm);
    }
    int arows = transa ? k : m, brows = transb ? n : k;
    int acolumns = transa ? m : k, bcolumns = transb ? k : n;
    if (lda < arows || ldb < brows || ldc < m) {
        return refuse("leading dimensions %d %d %d for %d %d %d rows", lda, ldb, ldc, arows, brows, m);
    }
    if (!alpha || !beta || !a || !b || !c || *alpha != 1 || (*beta != 0 && *beta != 1)) {
        return refuse("alpha or beta");
    }
    if (((intptr_t)a | (intptr_t)b) % bytes(atype) || (intptr_t)c % bytes(ctype)) {
        return refuse("addresses that are no multiples of %d and %d", bytes(atype), bytes(ctype));
    }
    if (stridea < 0 || strideb < 0 || (count > 1 && stridec < (int64_t)ldc * n)) {
        return refuse("strides %ld %ld %ld", (long)stridea, (long)strideb, (long)stridec);
    }
    int64_t as = bytes(atype) * extent(arows, acolumns, lda, stridea, count);
    int64_t bs = bytes(btype) * extent(brows, bcolumns, ldb, strideb, count);
    int64_t cs = bytes(ctype) * extent(m, n, ldc, stridec, count);
    if (overlap(c, cs, a, as) || overlap(c, cs, b, bs)) {
        return refuse("C that is A or B");
    }
    note("%dx %c%c %d %d %d of %s to %s beta %g compute %d stream %ld in %ld\n", count, transa ? 'T' : 'N', transb ? 'T' : 'N', m,
         n, k, atype == R_16BF ? "BF16" : "F32", ctype == R_16BF ? "BF16" : "F32", *beta, compute, (long)(intptr_t)h->stream, (long)(intptr_t)current);
    for (int x = 0; x < count; x++) {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                int64_t row = x * stridea + (transa ? (int64_t)i * lda : i);
                int64_t column = x * strideb + (transb ? j : (int64_t)j * ldb);
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += (double)at(a, atype, row + (transa ? p : (int64_t)p * lda))
                            * at(b, btype, column + (transb ? (int64_t)p * ldb : p));
                }
                int64_t to = x * stridec + (int64_t)j * ldc + i;
                /* With beta 0, C is not read: it may hold anything. */
                set(c, ctype, to, (float)(*beta == 0 ? sum : sum + at(c, ctype, to)));
            }
        }
    }
    return next_status;
}

int cublasGemmEx(
        void *handle, int transa, int transb, int m, int n, int k, const void *alpha, const void *a, int atype, int lda,
        const void *b, int btype, int ldb, const void *beta, void *c, int ctype, int ldc, int compute, int algorithm) {
    return gemm(handle, transa, transb, m, n, k, alpha, a, atype, lda, 0, b, btype, ldb, 0, beta, c, ctype, ldc, 0, 1,
                compute, algorithm);
}

int cublasGemmStridedBatchedEx(
        void *handle, int transa, int transb, int m, int n, int k, const void *alpha, const void *a, int atype, int lda,
        long long stridea, const void *b, int btype, int ldb, long long strideb, const void *beta, void *c, int ctype,
        int ldc, long long stridec, int count, int compute, int algorithm) {
    return gemm(handle, transa, transb, m, n, k, alpha, a, atype, lda, stridea, b, btype, ldb, strideb, beta, c, ctype,
                ldc, stridec, count, compute, algorithm);
}
