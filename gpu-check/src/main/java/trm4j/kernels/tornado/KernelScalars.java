package trm4j.kernels.tornado;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is compiled into a kernel. */
final class KernelScalars {

    private KernelScalars() {}

    /** Returns the scalars that a launch calls its kernel with. */
    static List<Object> of(Launch launch) {
        var scalars = new ArrayList<>();
        launch.call().by((KernelCaller) Proxy.newProxyInstance(
                KernelCaller.class.getClassLoader(), new Class<?>[] {KernelCaller.class}, (_, _, arguments) -> {
                    scalars.addAll(Arrays.asList(arguments).subList(1, arguments.length));
                    return null;
                }));
        return scalars;
    }
}
