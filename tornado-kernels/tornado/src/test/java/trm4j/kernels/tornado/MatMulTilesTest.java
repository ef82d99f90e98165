package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.op.MatMul;

class MatMulTilesTest {

    /** Which way a tile is brought to local memory changes no result, so that only this tells a mix-up. */
    @Test
    void isToldWhichOperandLiesDown() {
        var product = new MatMul(
                Buffer.floats("a", 5, 20).all(), true, Buffer.floats("b", 5, 10).all(), false,
                Buffer.floats("c", 20, 10).all(), true);
        var launch = MatMulTiles.of(product, 1).launches(_ -> null).getFirst();
        var scalars = new ArrayList<>();
        launch.call().by((KernelCaller) Proxy.newProxyInstance(
                KernelCaller.class.getClassLoader(), new Class<?>[] {KernelCaller.class}, (_, _, arguments) -> {
                    scalars.addAll(Arrays.asList(arguments).subList(1, arguments.length));
                    return null;
                }));
        int rows = 2;
        int columns = 1;
        int aDown = 1;
        int bDown = 0;
        int add = 1;
        assertEquals(List.of(rows, columns, aDown, bDown, add), scalars);
    }
}
