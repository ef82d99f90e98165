package trm4j.kernels.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * {@link PlainProducts} on a device of OpenCL's, which has no addresses and no stream for others: what TornadoVM takes
 * for an array's address is an OpenCL buffer. So this waits for the device, and moves the buffer here and back.
 */
final class OpenClProducts implements ProductLibrary {

    private static final int MEM_SIZE = 0x1102, MEM_CONTEXT = 0x1106, CONTEXT_DEVICES = 0x1081;
    private static final String REGISTRY = "uk.ac.manchester.tornado.runtime.library.LibraryRegistry";

    final PlainProducts plain = new PlainProducts();

    @Override
    public String description() {
        return plain.description();
    }

    @Override
    public int parts(MatMul op) {
        return plain.parts(op);
    }

    @Override
    public Session open(long context, long stream) {
        plain.asked.add("open");
        return new Session() {

            @Override
            public void enqueue(MatMul op, long memory, long a, long b, long c) {
                plain.asked.add(op.size());
                await();
                OpenClProducts.this.multiply(
                        op, MemorySegment.ofAddress(memory - Memory.HEADER_BYTES), a, b, c);
            }

            @Override
            public void close() {
                plain.asked.add("close");
            }
        };
    }

    /** Waits until all is done that TornadoVM has put into the queues of plans with library tasks. */
    private static void await() {
        try {
            var contexts = Class.forName(REGISTRY).getDeclaredField("CONTEXTS");
            contexts.setAccessible(true);
            for (var key : ((Map<?, ?>) contexts.get(null)).keySet()) {
                var device = key.getClass().getDeclaredMethod("device");
                var plan = key.getClass().getDeclaredMethod("executionPlanId");
                device.setAccessible(true);
                plan.setAccessible(true);
                TornadoDevice.class.getMethod("sync", long.class).invoke(device.invoke(key), plan.invoke(key));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void multiply(MatMul op, MemorySegment buffer, long a, long b, long c) {
        try (var arena = Arena.ofConfined()) {
            long bytes = info("clGetMemObjectInfo", buffer, MEM_SIZE, arena).get(JAVA_LONG, 0);
            var context = info("clGetMemObjectInfo", buffer, MEM_CONTEXT, arena).get(ADDRESS, 0);
            var device = info("clGetContextInfo", context, CONTEXT_DEVICES, arena).get(ADDRESS, 0);
            var queue = (MemorySegment) function("clCreateCommandQueue", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS)
                    .invoke(context, device, 0L, MemorySegment.NULL);
            var here = arena.allocate(bytes);
            move("clEnqueueReadBuffer", queue, buffer, here);
            plain.multiply(op, here.asSlice(Memory.HEADER_BYTES), a, b, c);
            move("clEnqueueWriteBuffer", queue, buffer, here);
            function("clReleaseCommandQueue", JAVA_INT, ADDRESS).invoke(queue);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemorySegment info(String function, MemorySegment object, int what, Arena arena) throws Throwable {
        var value = arena.allocate(Long.BYTES, Long.BYTES);
        require((int) function(function, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS)
                .invoke(object, what, (long) Long.BYTES, value, MemorySegment.NULL));
        return value;
    }

    private static void move(String function, MemorySegment queue, MemorySegment buffer, MemorySegment here)
            throws Throwable {
        require((int) function(
                function, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, ADDRESS)
                .invoke(queue, buffer, 1, 0L, here.byteSize(), here, 0, MemorySegment.NULL, MemorySegment.NULL));
    }

    private static void require(int status) {
        if (status != 0) {
            throw new IllegalStateException("OpenCL's status " + status);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        var library = SymbolLookup.libraryLookup("libOpenCL.so.1", Arena.global());
        return Linker.nativeLinker().downcallHandle(
                library.findOrThrow(name), FunctionDescriptor.of(result, parameters));
    }
}
