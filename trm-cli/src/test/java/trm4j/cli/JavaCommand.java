package trm4j.cli;

import java.nio.file.Path;
import java.util.List;

/** The words that start a class in a Java of its own. */
final class JavaCommand {

    private JavaCommand() {}

    /** @param classPath the tests' own, or more */
    static List<String> of(String classPath, Class<?> main) {
        return List.of(
                // What runs the tests in the background may have SIGINT or SIGHUP ignored, which processes hand down.
                "env", "--default-signal=INT,HUP", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // What takes the least of two processors that several share.
                "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1",
                "--add-modules=jdk.incubator.vector", "-cp", classPath, main.getName());
    }
}
