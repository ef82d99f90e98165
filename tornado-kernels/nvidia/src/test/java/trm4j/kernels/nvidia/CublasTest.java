package trm4j.kernels.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static trm4j.kernels.ElementType.BF16;
import static trm4j.kernels.ElementType.F32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Precision;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.tornado.ProductLibraryProvider;

/** Handles, streams and contexts, and what is said when something is refused. */
@EnabledIf(value = "trm4j.kernels.nvidia.StandIn#exists", disabledReason = "needs a C compiler, cc")
class CublasTest {

    private static final MatMul PRODUCT = MatMul.set(
            Buffer.floats("a", 1, 2).all(), false, Buffer.floats("b", 2, 1).all(), false,
            Buffer.floats("c", 1, 1).all());

    private static CublasProducts products(StandIn standIn, Precision precision) {
        return new CublasProducts(standIn.cublas(), precision);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 68", "TF32, 77", "BF16, 75"})
    void computesInThePrecisionInItsStream(Precision precision, int compute) {
        var standIn = StandIn.of(12, Status.SUCCESS);
        var products = products(standIn, precision);
        assertEquals("cuBLAS 12.4.2 in " + precision, products.description());
        try (var arena = Arena.ofConfined(); var session = products.open(7, 21)) {
            var memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 3, 5, 7, 11, Float.NaN);
            session.enqueue(PRODUCT, memory.address(), 0, 8, 16);
            assertEquals(3 * 7 + 5 * 11, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 4));
            assertEquals(1, standIn.liveHandles());
        }
        assertEquals(0, standIn.liveHandles());
        assertEquals(
                List.of(
                        "create in 7", "stream 21",
                        "1x NN 1 1 2 of F32 to F32 beta 0 compute " + compute + " stream 21 in 7",
                        "destroy in 7"),
                standIn.asked());
    }

    /** What is bfloat16 already is multiplied as it is, whatever the precision of floats, and rounded once. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void takesBfloat16AsItIs(Precision precision) {
        var standIn = StandIn.of(12, Status.SUCCESS);
        var product = MatMul.set(
                Buffer.of("a", BF16, 1, 2).all(), false, Buffer.of("b", BF16, 2, 1).all(), false,
                Buffer.of("c", BF16, 1, 1).all());
        try (var arena = Arena.ofConfined(); var session = products(standIn, precision).open(7, 21)) {
            var memory = arena.allocate(12);
            float[] values = {257, 3, 1, 0.5f};
            for (int i = 0; i < values.length; i++) {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.of(values[i]));
            }
            session.enqueue(product, memory.address(), 0, 4, 10);
            assertEquals(256 + 1.5f + 0.5f, Bfloat16.value(memory.getAtIndex(ValueLayout.JAVA_SHORT, 5)));
        }
        assertTrue(standIn.asked().contains("1x NN 1 1 2 of BF16 to BF16 beta 0 compute 68 stream 21 in 7"));
    }

    /** Two executions side by side: each has its own handle, and works in its own context and stream. */
    @Test
    void executionsDoNotMeet() {
        var standIn = StandIn.of(13, Status.SUCCESS);
        var products = products(standIn, Precision.FLOAT32);
        try (var arena = Arena.ofConfined(); var one = products.open(1, 10); var other = products.open(2, 20)) {
            long memory = arena.allocate(20).address();
            one.enqueue(PRODUCT, memory, 0, 8, 16);
            other.enqueue(PRODUCT, memory, 0, 8, 16);
            one.enqueue(PRODUCT, memory, 0, 8, 16);
        }
        var calls = standIn.asked().stream().filter(line -> line.contains("compute")).toList();
        assertEquals(List.of("10 in 1", "20 in 2", "10 in 1"), calls.stream().map(
                line -> line.replaceFirst(".* stream ", "")).toList());
        assertEquals(0, standIn.liveHandles());
    }

    @Test
    void aLibraryThatCannotStartSaysWhy() {
        var products = products(StandIn.of(13, 1), Precision.FLOAT32);
        var refusal = assertThrows(DeviceException.class, () -> products.open(0, 0));
        assertEquals(
                "NVIDIA's cuBLAS could not start (it may be newer than the driver; TRM_CUBLAS names another), it said"
                        + " CUBLAS_STATUS_NOT_INITIALIZED (1); leave it out with TRM_KERNELS=gpu.",
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"13, CUBLAS_STATUS_EXECUTION_FAILED (13)", "15, CUBLAS_STATUS_NOT_SUPPORTED (15)",
            "99, CUBLAS_STATUS_of an unknown name (99)"})
    void aProductThatIsRefusedIsNamed(int status, String told) {
        var standIn = StandIn.of(13, Status.SUCCESS);
        try (var arena = Arena.ofConfined(); var session = products(standIn, Precision.TF32).open(0, 0)) {
            StandIn.of(13, status);
            long memory = arena.allocate(20).address();
            var refusal = assertThrows(DeviceException.class, () -> session.enqueue(PRODUCT, memory, 0, 8, 16));
            assertEquals(
                    "NVIDIA's cuBLAS could not multiply 1x2x1 NN, it said " + told
                            + "; leave it out with TRM_KERNELS=gpu.",
                    refusal.getMessage());
        }
    }

    /** The stand-in does look at arguments: one wrong each. */
    @Test
    void wrongArgumentsAreRefused() {
        var standIn = StandIn.of(13, Status.SUCCESS);
        var cublas = standIn.cublas();
        var handle = cublas.create(0, 0);
        try (var arena = Arena.ofConfined()) {
            long at = arena.allocate(400, 4).address();
            var wrong = Map.of(
                    "leading dimensions 1 3 2 for 2 3 2 rows",
                    new Gemm(false, false, 2, 2, 3, at, 1, 0, at + 40, 3, 0, false, at + 80, 2, 0, 1, F32, F32),
                    "strides 6 6 3",
                    new Gemm(false, false, 2, 2, 3, at, 2, 6, at + 80, 3, 6, false, at + 160, 2, 3, 2, F32, F32),
                    "addresses that are no multiples of 4 and 4",
                    new Gemm(false, false, 2, 2, 3, at + 2, 2, 0, at + 40, 3, 0, false, at + 80, 2, 0, 1, F32, F32),
                    "C that is A or B",
                    new Gemm(false, false, 2, 2, 3, at, 2, 0, at + 40, 3, 0, false, at + 4, 2, 0, 1, F32, F32),
                    "addresses that are no multiples of 2 and 4",
                    new Gemm(false, false, 2, 2, 3, at + 2, 2, 0, at + 41, 3, 0, false, at + 80, 2, 0, 1, BF16, F32),
                    "types 0 0 14, expected CUDA_R_32F or CUDA_R_16BF, C's A's or CUDA_R_32F",
                    new Gemm(false, false, 2, 2, 3, at, 2, 0, at + 40, 3, 0, false, at + 80, 2, 0, 1, F32, BF16),
                    "sizes 2 0 3, 1 of them",
                    new Gemm(false, false, 2, 0, 3, at, 2, 0, at + 40, 3, 0, false, at + 80, 2, 0, 1, F32, F32));
            wrong.forEach((complaint, call) -> {
                assertThrows(DeviceException.class, () -> cublas.gemm(handle, call, 68, "it"));
                assertEquals(complaint, standIn.complaint());
            });
            var right = new Gemm(false, false, 2, 2, 3, at, 2, 0, at + 40, 3, 0, false, at + 80, 2, 0, 1, F32, F32);
            assertThrows(DeviceException.class, () -> cublas.gemm(handle, right, 64, "it"));
            assertEquals("compute type 64 for type 0", standIn.complaint());
            var rounded = new Gemm(false, false, 2, 2, 3, at, 2, 0, at + 40, 3, 0, false, at + 80, 2, 0, 1, BF16, BF16);
            assertThrows(DeviceException.class, () -> cublas.gemm(handle, rounded, 75, "it"));
            assertEquals("compute type 75 for type 14", standIn.complaint());
            cublas.destroy(handle);
            assertThrows(DeviceException.class, () -> cublas.gemm(handle, right, 68, "it"));
            assertEquals("no handle", standIn.complaint());
        }
    }

    /** On the class path, and for the backend whose memory and streams it knows. */
    @Test
    void isForCudaAlone() {
        for (var backend : List.of("cuda", "opencl", "ptx", "spirv", "metal")) {
            assertEquals(backend.equals("cuda"), ProductLibraryProvider.all().stream().anyMatch(
                    provider -> provider instanceof CublasProvider && provider.suits(backend)), backend);
        }
    }

    @Test
    void anOldVersionIsRefused() {
        var standIn = StandIn.of(10, Status.SUCCESS);
        var refusal = assertThrows(DeviceException.class, standIn::cublas);
        assertEquals(
                "NVIDIA's cuBLAS is version 10.4.2, expected 11 or newer; install a newer CUDA toolkit, or name another"
                        + " file in TRM_CUBLAS.",
                refusal.getMessage());
    }

    @Test
    void aLibraryWithoutAFunctionIsRefused() {
        var standIn = StandIn.of(13, Status.SUCCESS);
        SymbolLookup less = name -> name.equals("cublasGemmEx")
                ? Optional.<MemorySegment>empty()
                : standIn.library().find(name);
        var refusal = assertThrows(DeviceException.class, () -> new Cublas(less, standIn.library()));
        assertEquals(
                "NVIDIA's cuBLAS has no function cublasGemmEx, expected one of version 11 or newer; install a newer CUDA"
                        + " toolkit, or name another file in TRM_CUBLAS.",
                refusal.getMessage());
    }

    @Test
    void aFileThatIsNamedIsTheOnlyOne() {
        var refusal = assertThrows(DeviceException.class, () -> LibraryFile.load(Map.of(
                LibraryFile.VARIABLE, "/nowhere/libcublas.so.13")::get));
        assertEquals(
                "NVIDIA's cuBLAS could not be loaded from /nowhere/libcublas.so.13, which TRM_CUBLAS or -Dtrm.cublas"
                        + " names; expected a libcublas.so.13 with what it needs beside it.",
                refusal.getMessage());
        var named = LibraryFile.load(Map.of(LibraryFile.VARIABLE, "libc.so.6")::get);
        assertTrue(named.find("malloc").isPresent());
        assertFalse(named.find("cublasGemmEx").isPresent());
    }
}
