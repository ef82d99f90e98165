package trm4j.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import trm4j.kernels.device.Devices;

/** JMH with its own options, then what compares libraries as a table. */
final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        var options = new CommandLineOptions(args);
        if (options.shouldHelp()) {
            options.showHelp();
            return;
        }
        var runner = new Runner(options);
        if (options.shouldList() || options.shouldListWithParams()) {
            runner.listWithParams(options);
            return;
        }
        var results = runner.run();
        System.out.println();
        System.out.println("trm4j     " + Devices.named("cpu").info().description());
        System.out.println("OpenBLAS  " + OpenBlasLibrary.description());
        System.out.println("DJL       " + DjlComputation.description());
        System.out.println();
        System.out.print(ComparisonTable.of(results));
    }
}
