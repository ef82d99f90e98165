package trm4j.kernels.tornado;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Contexts that do on the JVM what they say. TornadoVM's own does nothing there: its numbers are final, always 0, and
 * known to its compiler only. A class that extends it is made here, not compiled, since javac would want to read more
 * of the API than Java 25 reads: parts of it were compiled with preview features of another version.
 *
 * <p>TornadoVM must not run in the same JVM: once KernelContext has a subclass, it takes calls of its methods for
 * ordinary ones, and refuses every kernel of work-groups.
 */
final class GroupContexts {

    private static final ClassDesc SELF = ClassDesc.of(GroupContexts.class.getPackageName() + ".GroupContext");
    private static final ClassDesc CONTEXT = KernelContext.class.describeConstable().orElseThrow();
    private static final ClassDesc SHARED = Shared.class.describeConstable().orElseThrow();
    private static final Class<? extends KernelContext> TYPE = type();
    private static final Map<String, Field> FIELDS = new ConcurrentHashMap<>();

    private GroupContexts() {}

    /** What a thread shares with those of its group. */
    interface Shared {

        /** The local array that the thread asks for next. */
        float[] floats(int size);

        /** The local array that the thread asks for next. */
        int[] ints(int size);

        /** Waits for all threads of the group. */
        void barrier();
    }

    /** Returns the context of a thread with some numbers by the names of their fields; all others are 0. */
    static KernelContext of(Shared shared, Map<String, Integer> numbers) {
        try {
            var context = TYPE.getDeclaredConstructor(Shared.class).newInstance(shared);
            for (var number : numbers.entrySet()) {
                FIELDS.computeIfAbsent(number.getKey(), GroupContexts::field).set(context, number.getValue());
            }
            return context;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("TornadoVM's KernelContext is not as expected", e);
        }
    }

    private static Field field(String name) {
        try {
            var field = KernelContext.class.getField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new LinkageError("TornadoVM's KernelContext has no " + name, e);
        }
    }

    private static Class<? extends KernelContext> type() {
        var bytes = ClassFile.of().build(SELF, type -> {
            type.withSuperclass(CONTEXT).withField("shared", SHARED, ClassFile.ACC_PRIVATE);
            type.withMethodBody(INIT_NAME, MethodTypeDesc.of(CD_void, SHARED), 0, code -> code
                    .aload(0)
                    .invokespecial(CONTEXT, INIT_NAME, MTD_void)
                    .aload(0)
                    .aload(1)
                    .putfield(SELF, "shared", SHARED)
                    .return_());
            var floats = MethodTypeDesc.of(CD_float.arrayType(), CD_int);
            var ints = MethodTypeDesc.of(CD_int.arrayType(), CD_int);
            handOn(type, "allocateFloatLocalArray", "floats", floats);
            handOn(type, "allocateIntLocalArray", "ints", ints);
            handOn(type, "localBarrier", "barrier", MTD_void);
        });
        try {
            return MethodHandles.lookup().defineClass(bytes).asSubclass(KernelContext.class);
        } catch (IllegalAccessException e) {
            throw new LinkageError("a class of this package must be allowed here", e);
        }
    }

    /** Has a method of the context do what one of {@link Shared} does. */
    private static void handOn(ClassBuilder type, String method, String to, MethodTypeDesc description) {
        type.withMethodBody(method, description, ClassFile.ACC_PUBLIC, code -> {
            code.aload(0).getfield(SELF, "shared", SHARED);
            for (int i = 0; i < description.parameterCount(); i++) {
                code.iload(code.parameterSlot(i));
            }
            code.invokeinterface(SHARED, to, description).return_(TypeKind.from(description.returnType()));
        });
    }
}
