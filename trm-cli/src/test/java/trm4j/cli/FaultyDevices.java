package trm4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceProvider;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Schedule;
import trm4j.mpi.Mpirun;

/**
 * Devices on which something happens to the process at some moment of a training: {@code idle}, which computes nothing and
 * so costs next to nothing, and {@code real}, a processor. {@code idle:killed@save} is killed while it saves. Only processes
 * that are told of this provider have them.
 */
public final class FaultyDevices implements DeviceProvider {

    /** Two checkpoints are saved by then, of which the second may be struck. */
    private static final int STEP = 12;
    private static final int SAVED = 2;
    private static final long STEP_MILLIS = 5;
    private static final int MIB_64 = 1 << 26;

    /** When something happens. */
    private enum Moment { START, STEP, SAVE, NEVER }

    /** What happens. */
    private record Fault(String what, Moment moment) {

        static Fault of(String[] words) {
            if (words.length == 1) {
                return new Fault("", Moment.NEVER);
            }
            var fault = words[1].split("@");
            return new Fault(fault[0], Moment.valueOf(fault[1].toUpperCase()));
        }

        void strikeAt(Moment moment) {
            if (moment == this.moment) {
                switch (what) {
                    case "killed" -> kill();
                    case "broken" -> throw new ExceptionInInitializerError("broken");
                    case "full" -> fill();
                    default -> { }
                }
            }
        }

        private static void kill() {
            try {
                new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start().waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void fill() {
            var all = new ArrayList<byte[]>();
            while (true) {
                all.add(new byte[MIB_64]);
            }
        }
    }

    /** Returns the tests' class path, with this provider; it is named in a folder that is made. */
    static String classPath(Path folder) throws IOException {
        var services = Files.createDirectories(folder.resolve("services/META-INF/services"));
        Files.writeString(services.resolve(DeviceProvider.class.getName()), FaultyDevices.class.getName());
        return Mpirun.classPath() + File.pathSeparator + folder.resolve("services");
    }

    @Override
    public String family() {
        return "faulty";
    }

    @Override
    public List<String> names() {
        return List.of("idle", "real");
    }

    @Override
    public List<Device> devices() {
        return List.of();
    }

    @Override
    public Optional<Device> find(String name) {
        var words = name.split(":");
        if (!names().contains(words[0])) {
            return Optional.empty();
        }
        var fault = Fault.of(words);
        fault.strikeAt(Moment.START);
        return Optional.of(new StandInDevice(words[0], 1 << 28, schedules -> new FaultyExecution(
                words[0].equals("idle") ? new Idle() : TestDevices.cpu(1).open(schedules), schedules, fault)));
    }

    /** Remembers what is written, and computes nothing. */
    private static final class Idle implements Execution {

        private final Map<Buffer, float[]> floats = new HashMap<>();
        private final Map<Buffer, int[]> ints = new HashMap<>();

        @Override
        public void run(Schedule schedule) {
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            floats.put(buffer, values.clone());
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            ints.put(buffer, values.clone());
        }

        @Override
        public float[] floats(Buffer buffer) {
            return floats.getOrDefault(buffer, new float[buffer.size()]).clone();
        }

        @Override
        public int[] ints(Buffer buffer) {
            return ints.getOrDefault(buffer, new int[buffer.size()]).clone();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static final class FaultyExecution extends ForwardingExecution {

        private final List<Schedule> schedules;
        private final Fault fault;
        private int steps;
        private int saved;

        FaultyExecution(Execution execution, List<Schedule> schedules, Fault fault) {
            super(execution);
            this.schedules = schedules;
            this.fault = fault;
        }

        @Override
        public void run(Schedule schedule) {
            if (schedule.name().equals("gradients") && ++steps == STEP) {
                fault.strikeAt(Moment.STEP);
                if (fault.what.equals("nan")) {
                    var state = Schedule.buffers(schedules).stream()
                            .filter(buffer -> buffer.name().equals("z_H"))
                            .findFirst()
                            .orElseThrow();
                    var values = new float[state.size()];
                    Arrays.fill(values, Float.NaN);
                    execution.write(state, values);
                }
            }
            super.run(schedule);
        }

        /** A state is read when it is saved, and at no other time. */
        @Override
        public float[] floats(Buffer buffer) {
            if (buffer.name().equals("z_H") && ++saved == SAVED) {
                fault.strikeAt(Moment.SAVE);
            }
            return super.floats(buffer);
        }
    }
}
