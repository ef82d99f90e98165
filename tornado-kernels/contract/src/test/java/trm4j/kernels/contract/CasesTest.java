package trm4j.kernels.contract;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;

/** Every operation has cases, and says the truth of itself in each of them. */
class CasesTest {

    private static List<Operation> operations;

    @BeforeAll
    static void collect() {
        operations = Cases.all().flatMap(c -> c.setup().alone().stream()).toList();
    }

    @Test
    void everyOperationHasCases() throws IOException, URISyntaxException {
        var tested = operations.stream().map(operation -> operation.getClass().getName()).collect(toSet());
        var missing = new TreeSet<>(known());
        missing.removeAll(tested);
        assertEquals(Set.of(), missing, "operations without a case in trm4j.kernels.contract.Cases");
    }

    /** The classes of the package of operations that are operations, from a folder or a jar. */
    private static Set<String> known() throws IOException, URISyntaxException {
        var source = Path.of(Operation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var known = Files.isDirectory(source) ? known(source) : ofJar(source);
        assertTrue(known.size() > 20, "found " + known + " in " + source);
        return known;
    }

    private static Set<String> ofJar(Path source) throws IOException {
        try (var jar = FileSystems.newFileSystem(source)) {
            return known(jar.getPath("/"));
        }
    }

    private static Set<String> known(Path root) throws IOException {
        var name = Operation.class.getPackageName();
        try (var files = Files.list(root.resolve(name.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> load(name + "." + file.replace(".class", "")))
                    .filter(type -> Operation.class.isAssignableFrom(type) && !type.isInterface())
                    .map(Class::getName)
                    .collect(toSet());
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void ontoItsOwnTensorsAnOperationStaysTheSame() {
        operations.forEach(operation -> assertEquals(operation, operation.map(UnaryOperator.identity())));
    }

    @Test
    void ontoOtherTensorsAnOperationMovesAllOfThem() {
        for (var operation : operations) {
            var asked = new HashSet<Tensor>();
            var copies = new HashMap<Tensor, Tensor>();
            var moved = operation.map(tensor -> {
                asked.add(tensor);
                return copies.computeIfAbsent(tensor, CasesTest::copy);
            });
            assertEquals(operation.getClass(), moved.getClass());
            assertEquals(operation.tensors().collect(toSet()), asked, operation + " does not say all it works on");
            assertEquals(operation.reads().stream().map(copies::get).toList(), moved.reads());
            assertEquals(operation.writes().stream().map(copies::get).toList(), moved.writes());
            assertEquals(operation.name() + operation.size(), moved.name() + moved.size());
        }
    }

    /** The same part of another buffer. */
    private static Tensor copy(Tensor tensor) {
        var buffer = tensor.buffer();
        int[] dimensions = buffer.shape().dimensions().stream().mapToInt(d -> d).toArray();
        var other = Buffer.of(buffer.name() + " moved", buffer.type(), dimensions);
        return new Tensor(other, tensor.offset(), tensor.shape(), tensor.index(), tensor.stride());
    }

    @Test
    void aNameBelongsToOneOperation() {
        Map<String, Class<?>> owners = new HashMap<>();
        for (var operation : operations) {
            var owner = owners.putIfAbsent(operation.name(), operation.getClass());
            assertTrue(owner == null || owner == operation.getClass(), operation.name() + " is " + owner + " too");
        }
    }

    @Test
    void everyOperationTellsWhatItIsAndMoves() {
        for (var operation : operations) {
            assertFalse(operation.name().isBlank(), operation.toString());
            assertFalse(operation.size().isBlank(), operation.toString());
            assertTrue(operation.bytes() > 0, operation.toString());
        }
    }

    /** Each name has a case that is of it. */
    @Test
    void findsACaseOfEachOperation() {
        var names = operations.stream().map(Operation::name).collect(toSet());
        var each = Cases.ofEach();
        assertEquals(names, each.keySet());
        each.forEach((name, one) ->
                assertTrue(one.setup().alone().stream().anyMatch(operation -> operation.name().equals(name)), name));
    }
}
