package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Schedule;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.RanksException;
import trm4j.model.ranks.ThreadRanks;

class RankDevicesTest {

    private record Gpu(String name, String card) implements Device {

        @Override
        public DeviceInfo info() {
            return new DeviceInfo(DeviceInfo.Kind.GPU, card, 1, 1, 1);
        }

        @Override
        public Plan plan(List<Schedule> schedules) {
            throw new AssertionError("nothing may be planned");
        }
    }

    @Test
    void eachRankOfAMachineTakesItsOwn() {
        assertEquals(List.of("cuda:0", "cuda:1"), ThreadRanks.call(2, ranks -> RankDevices.name("cuda:%r", ranks)));
        assertEquals(List.of("ptx:3", "cpu"), ThreadRanks.call(2, ranks -> RankDevices.name("ptx:3,cpu,cpu", ranks)));
        assertEquals(List.of("cuda", "cuda"), ThreadRanks.call(2, ranks -> RankDevices.name("cuda", ranks)));
        assertEquals("cuda:0", RankDevices.name("cuda:%r", Ranks.ALONE));
        var refusal = assertThrows(
                DeviceException.class, () -> ThreadRanks.run(3, ranks -> RankDevices.name("cuda:0,cuda:1", ranks)));
        assertEquals("Expected a device for each of the 3 ranks on a machine, found 2 in --device cuda:0,cuda:1.",
                refusal.getMessage());
    }

    @Test
    void theyAreAlike() {
        assertEquals(
                List.of(Optional.empty(), Optional.empty()),
                ThreadRanks.call(2, ranks -> RankDevices.requireAlike(ranks, new Gpu("cuda:" + ranks.rank(), "H100"))));
        var shared = ThreadRanks.call(2, ranks -> RankDevices.requireAlike(ranks, new Gpu("cuda:0", "H100")));
        assertEquals(
                Optional.of("Several ranks of a machine share its cuda:0; --device cuda:%r gives each one of its own."),
                shared.getFirst());
        var refusal = assertThrows(RanksException.class, () -> ThreadRanks.run(3, ranks ->
                RankDevices.requireAlike(ranks, new Gpu("cuda:" + ranks.rank(), ranks.rank() == 2 ? "A100" : "H100"))));
        assertEquals("Rank 2 has another kind of device than rank 0: expected cuda (H100), found cuda (A100); start "
                + "all processes with the same command, and on the same files.", refusal.getMessage());
    }
}
