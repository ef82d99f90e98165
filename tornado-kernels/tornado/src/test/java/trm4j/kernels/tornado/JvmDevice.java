package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Schedule;

/** Runs the launches of a kernel set on the JVM, so that it is tested on every machine what they say. */
record JvmDevice(KernelSet kernels) implements Device {

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(
                DeviceInfo.Kind.CPU, "kernels as Java methods", Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public boolean stores(ElementType type) {
        return type == ElementType.BF16 || Device.super.stores(type);
    }

    @Override
    public Plan plan(List<Schedule> schedules) {
        var compilation = new Compilation(name(), kernels, schedules);
        return new Plan() {

            @Override
            public long bytes() {
                return compilation.bytes();
            }

            @Override
            public Execution open() {
                return new JvmExecution(kernels, compilation, compilation.firstInts(), compilation.firstFloats());
            }
        };
    }

    private record JvmExecution(KernelSet kernels, Compilation compilation, int[] ints, float[] floats)
            implements Execution {

        @Override
        public void run(Schedule schedule) {
            ints[CallTable.ROW] = compilation.calls.start(schedule);
            var row = new HostRow(compilation.calls);
            row.begin(schedule);
            for (var call : schedule.calls()) {
                var launches = compilation.launches.get(call.program());
                for (var place : RowPlace.of(launches)) {
                    var launch = place.launch();
                    int before = ints[CallTable.RAN];
                    launch.call().by(new JvmCaller(launch.threads(), ints, place.at(), floats, row));
                    if (ints[CallTable.RAN] != before + (launch.isKernel() ? 1 : 0)) {
                        throw new IllegalStateException(launch + " did not count itself once if it is a kernel");
                    }
                }
                if (!kernels.goesOnAfterEach()) {
                    CallTable.next(ints, CallTable.width(launches));
                }
                row.next(CallTable.width(launches));
            }
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            var stored = buffer.type() == ElementType.BF16 ? kernels.halves().packed(values) : values;
            System.arraycopy(stored, 0, floats, compilation.memory.firstFloat(buffer), stored.length);
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            System.arraycopy(values, 0, ints, compilation.memory.start(buffer), values.length);
        }

        @Override
        public float[] floats(Buffer buffer) {
            boolean halves = buffer.type() == ElementType.BF16;
            var stored = new float[halves ? kernels.halves().words(buffer.size()) : buffer.size()];
            System.arraycopy(floats, compilation.memory.firstFloat(buffer), stored, 0, stored.length);
            return halves ? kernels.halves().unpacked(stored, buffer.size()) : stored;
        }

        @Override
        public int[] ints(Buffer buffer) {
            var values = new int[buffer.size()];
            System.arraycopy(ints, compilation.memory.start(buffer), values, 0, values.length);
            return values;
        }

        @Override
        public void close() {}
    }
}
