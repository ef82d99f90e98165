package trm4j.kernels.tornado;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.DeviceException;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** TornadoVM's execution plan: task graphs by number, on one device. What goes wrong names the kernels. */
final class TaskGraphs implements AutoCloseable {

    /** Without the relaxed arithmetic that is TornadoVM's default: infinities and NaN stay what they are. */
    private static final String OPENCL_FLAGS = "-cl-mad-enable -w";

    /** What moved between host and device, as TornadoVM's own profiler tells it. */
    static final class Traffic {

        private long up;
        private long down;

        private void add(long up, long down) {
            this.up += up;
            this.down += down;
        }

        /** Bytes brought to the device so far; 24 of them for each kernel that ran. */
        long up() {
            return up;
        }

        /** Bytes brought to the host so far. */
        long down() {
            return down;
        }
    }

    private final String device;
    private final Optional<Traffic> traffic;
    private final TornadoExecutionPlan plan;

    TaskGraphs(
            String name, TornadoDevice device, List<TaskGraph> graphs, GridScheduler grids,
            Optional<Traffic> traffic) {
        this.device = name;
        this.traffic = traffic;
        plan = new TornadoExecutionPlan(graphs.stream().map(TaskGraph::snapshot).toArray(ImmutableTaskGraph[]::new));
        try {
            plan.withDevice(device)
                    .withGridScheduler(grids)
                    .withCompilerFlags(TornadoVMBackendType.OPENCL, OPENCL_FLAGS);
            traffic.ifPresent(_ -> plan.withProfiler(ProfilerMode.SILENT));
        } catch (Throwable e) {
            closeAfter(e);
            throw e;
        }
    }

    /** Compiles a graph's kernels. */
    void compile(int graph, String what, List<Launch> launches) {
        attempt(what, launches, () -> plan.withGraph(graph).withPreCompilation());
    }

    /** Runs a graph. */
    void execute(int graph, String what, List<Launch> launches) {
        attempt(what, launches, () -> {
            // Always from the root: a plan remembers what was chained to it.
            var result = plan.withGraph(graph).execute();
            traffic.ifPresent(t -> {
                var profile = result.getProfilerResult();
                t.add(profile.getTotalBytesCopyIn(), profile.getTotalBytesCopyOut());
            });
        });
    }

    private void attempt(String what, List<Launch> launches, Runnable action) {
        try {
            action.run();
        } catch (DeviceException e) {
            throw e;
        } catch (RuntimeException | TornadoInternalError e) {
            throw new DeviceException("Device " + device + " could not run " + what + culprit(e, launches) + ": "
                    + firstLine(e) + ".", e);
        }
    }

    /** The kernel that an error names by its task, or all that it may be. */
    private static String culprit(Throwable error, List<Launch> launches) {
        var message = String.valueOf(error.getMessage());
        for (int i = 0; i < launches.size(); i++) {
            if (message.contains("kernel" + i + " ")) {
                return ", kernel " + launches.get(i);
            }
        }
        return launches.isEmpty() ? "" : ", one of the kernels " + launches;
    }

    private static String firstLine(Throwable error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse(error.toString());
    }

    /** Closes what a failure leaves behind; that failure is what is told. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | TornadoInternalError e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new DeviceException("Device " + device + " could not be closed: " + e.getMessage() + ".", e);
        }
    }
}
