package trm4j.kernels.nvidia;

import java.util.Map;

/** What cuBLAS returns, in its own words ({@code cublasStatus_t}). */
final class Status {

    static final int SUCCESS = 0;

    private static final Map<Integer, String> NAMES = Map.of(
            1, "NOT_INITIALIZED",
            3, "ALLOC_FAILED",
            7, "INVALID_VALUE",
            8, "ARCH_MISMATCH",
            11, "MAPPING_ERROR",
            13, "EXECUTION_FAILED",
            14, "INTERNAL_ERROR",
            15, "NOT_SUPPORTED",
            16, "LICENSE_ERROR");

    private Status() {}

    static String told(int status) {
        return "CUBLAS_STATUS_" + NAMES.getOrDefault(status, "of an unknown name") + " (" + status + ")";
    }
}
