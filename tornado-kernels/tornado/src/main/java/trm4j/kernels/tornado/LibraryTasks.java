package trm4j.kernels.tornado;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.Access;

/**
 * Library tasks: calls of a library among the kernels of a task graph, in the order of the device's stream. TornadoVM
 * has them since 5.0, and asks a {@code TornadoLibraryProvider} to do them. The API that this is compiled against is
 * older, and the provider belongs to TornadoVM's runtime, which the SDK alone has; so all of it is reached by name.
 */
final class LibraryTasks {

    private static final String API = "uk.ac.manchester.tornado.api.";
    private static final String RUNTIME = "uk.ac.manchester.tornado.runtime.library.";
    private static final String SPI = RUNTIME + "spi.";
    /** By which a task and its provider find each other. */
    private static final String NAME = "trm4j/products";

    private LibraryTasks() {}

    /**
     * A product, to be called each time that its task's turn comes.
     *
     * @param at its first column in a row of the table of calls
     */
    record Product(ProductLibrary library, MatMul product, int at, HostRow row) {

        void enqueue(ProductLibrary.Session session, long memory) {
            session.enqueue(product, memory, bytes(product.a(), 0), bytes(product.b(), 1), bytes(product.c(), 2));
        }

        /** Behind the first of the floats. */
        private long bytes(Tensor operand, int column) {
            int place = row.place(at + column);
            return operand.type() == ElementType.BF16 ? Memory.bytesOf(place) : Float.BYTES * (long) place;
        }
    }

    /**
     * Adds a task to a graph.
     *
     * @throws DeviceException if TornadoVM has no library tasks
     */
    static void add(TaskGraph graph, String id, float[] floats, Product product) {
        try {
            register();
            var descriptor = descriptor(floats, product);
            var factory = named(API + "common.TornadoFunctions$LibraryTask1");
            TaskGraph.class.getMethod("libraryTask", String.class, factory, Object.class)
                    .invoke(graph, id, proxy(factory, (_, _, _) -> descriptor), floats);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("TornadoVM refuses a library task: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new DeviceException("This TornadoVM has no library tasks as 5.2.0 has them, found no "
                    + e.getMessage() + "; install 5.2.0, or do without the library (" + KernelSets.VARIABLE + "=gpu).", e);
        }
    }

    /** What TornadoVM is told of a task; its tuning comes back as it is. */
    private static Object descriptor(float[] floats, Product product) throws ReflectiveOperationException {
        var descriptor = named(API + "common.LibraryTaskDescriptor").getConstructor().newInstance();
        with(descriptor, "withLibrary", String.class, NAME);
        with(descriptor, "withFunction", String.class, "product");
        with(descriptor, "withParameters", Object[].class, new Object[] {floats});
        with(descriptor, "withAccess", Access[].class, new Access[] {Access.READ_WRITE});
        with(descriptor, "withTuning", Object.class, product);
        return descriptor;
    }

    private static void with(Object descriptor, String method, Class<?> type, Object value)
            throws ReflectiveOperationException {
        descriptor.getClass().getMethod(method, type).invoke(descriptor, value);
    }

    /** Makes this known to TornadoVM, once: its list is of modules, and this is none. */
    private static void register() throws ReflectiveOperationException {
        var registry = named(RUNTIME + "LibraryRegistry");
        var known = registry.getDeclaredMethod("getProviders");
        known.setAccessible(true);
        synchronized (registry) {
            @SuppressWarnings("unchecked")
            var providers = (List<Object>) known.invoke(null);
            if (providers.stream().noneMatch(provider -> handler(provider) instanceof Provider)) {
                providers.add(proxy(named(SPI + "TornadoLibraryProvider"), new Provider()));
            }
        }
    }

    private static Class<?> named(String name) throws ClassNotFoundException {
        return Class.forName(name, true, TaskGraph.class.getClassLoader());
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object handler(Object proxy) {
        return Proxy.isProxyClass(proxy.getClass()) ? Proxy.getInvocationHandler(proxy) : null;
    }

    /** Asks one of TornadoVM's objects, through the type that declares the method. */
    private static Object ask(String type, Object object, String method, Object... arguments)
            throws ReflectiveOperationException {
        for (var declared : named(type).getMethods()) {
            if (declared.getName().equals(method)) {
                return declared.invoke(object, arguments);
            }
        }
        throw new NoSuchMethodException(type + "." + method);
    }

    /** TornadoVM's {@code TornadoLibraryProvider}. */
    private record Provider() implements InvocationHandler {

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "libraryName", "toString" -> NAME;
                case "canHandle" -> true;
                case "createContext" -> proxy(named(SPI + "LibraryContext"), sessions(arguments[0], arguments[1]));
                case "prepare" -> prepare(arguments[0], arguments[1]);
                case "dispatch" -> dispatch(arguments[1]);
                case "destroyContext" -> close(arguments[0]);
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> throw new UnsupportedOperationException(method.toString());
            };
        }

        /** Where a device has a stream that others may use, the library puts its work there. */
        private static LibrarySessions sessions(Object device, Object plan) throws ReflectiveOperationException {
            var streams = SPI + "TornadoNativeStreamSupport";
            return named(streams).isInstance(device)
                    ? new LibrarySessions(
                            (long) ask(streams, device, "getNativeContext", plan),
                            (long) ask(streams, device, "getNativeStream", plan))
                    : new LibrarySessions(0, 0);
        }

        private static Void prepare(Object descriptor, Object context) throws ReflectiveOperationException {
            var product = (Product) ask(API + "common.LibraryTaskDescriptor", descriptor, "getTuning");
            ((LibrarySessions) handler(context)).of(product.library());
            return null;
        }

        private static Void dispatch(Object invocation) throws ReflectiveOperationException {
            var type = SPI + "LibraryInvocation";
            var product = (Product) ask(type, invocation, "getTuning");
            var sessions = (LibrarySessions) handler(ask(type, invocation, "getContext"));
            // TornadoVM adds the header of its own arrays, which need not be that of Java's.
            long header = named(API + "types.arrays.TornadoNativeArray").getField("ARRAY_HEADER").getLong(null);
            long memory = (long) ask(type, invocation, "getDevicePointer", 0) - header + Memory.HEADER_BYTES;
            product.enqueue(sessions.of(product.library()), memory);
            return null;
        }

        private static Void close(Object context) {
            ((LibrarySessions) handler(context)).close();
            return null;
        }
    }
}
