package trm4j.kernels.tornado;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.IdentityHashMap;
import java.util.Map;

/** The libraries that are ready for one execution, by whose stream they work. TornadoVM keeps it as a context. */
final class LibrarySessions implements InvocationHandler, AutoCloseable {

    private final long context;
    private final long stream;
    private final Map<ProductLibrary, ProductLibrary.Session> sessions = new IdentityHashMap<>();

    LibrarySessions(long context, long stream) {
        this.context = context;
        this.stream = stream;
    }

    /** The session of a library, which is opened when it is first asked for. */
    ProductLibrary.Session of(ProductLibrary library) {
        return sessions.computeIfAbsent(library, made -> made.open(context, stream));
    }

    @Override
    public void close() {
        sessions.values().forEach(ProductLibrary.Session::close);
        sessions.clear();
    }

    /** A context has no methods but those of every object. */
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "library sessions";
        };
    }
}
