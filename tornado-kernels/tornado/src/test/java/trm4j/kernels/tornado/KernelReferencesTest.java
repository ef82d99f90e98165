package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.op.Operation;

/** TornadoVM from 6.0 on finds a kernel's method by what its reference is serialized to. */
class KernelReferencesTest {

    /** One of each sort, of floats and of bfloat16. */
    private static final List<Operation> OPERATIONS =
            Stream.concat(Cases.ofEach().values().stream(), Cases.ofEachRounded().values().stream())
                    .flatMap(operation -> operation.setup().alone().stream())
                    .toList();

    /** Functions of OpenCL that a Java method is likely to be called like: a kernel of that name is not found. */
    private static final Set<String> OPENCLS_OWN = Set.of(
            "all", "any", "clamp", "copysign", "cross", "degrees", "distance", "dot", "length", "log", "max", "min", "mix",
            "normalize", "popcount", "prefetch", "radians", "rotate", "round", "select", "shuffle", "sign", "step", "trunc");

    /** The method that a reference stands for, found as TornadoVM does it. */
    private static SerializedLambda method(Object kernel) {
        try {
            var replace = kernel.getClass().getDeclaredMethod("writeReplace");
            replace.setAccessible(true);
            return (SerializedLambda) replace.invoke(kernel);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(kernel + " is no serializable reference", e);
        }
    }

    /** The kernels of an operation of each sort, as they are handed on. */
    private static List<Object> kernels(KernelSet set) {
        var kernels = new ArrayList<Object>();
        var caller = (KernelCaller) Proxy.newProxyInstance(
                KernelCaller.class.getClassLoader(), new Class<?>[] {KernelCaller.class},
                (_, _, arguments) -> kernels.add(arguments[0]) ? null : null);
        var rounding = new RoundingKernels(set);
        OPERATIONS.stream()
                .flatMap(operation -> rounding.recipe(operation).orElseThrow()
                        .launches(elements -> Buffer.floats("scratch", elements).all()).stream())
                .forEach(launch -> launch.call().by(caller));
        return kernels;
    }

    static Stream<KernelSet> sets() {
        return Stream.of(new ProcessorKernels(4), new GpuKernels(4));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void nameTheirMethods(KernelSet set) {
        var methods = kernels(set).stream().map(KernelReferencesTest::method).toList();
        assertTrue(methods.stream().map(SerializedLambda::getImplMethodName).distinct().count() > 20);
        for (var method : methods) {
            assertTrue(method.getImplClass().startsWith("trm4j/kernels/tornado/"), method.toString());
            assertEquals("V", method.getImplMethodSignature().replaceFirst(".*\\)", ""), method.toString());
            assertFalse(OPENCLS_OWN.contains(method.getImplMethodName()), method.toString());
        }
    }
}
