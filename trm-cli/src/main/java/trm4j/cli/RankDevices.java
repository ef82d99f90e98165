package trm4j.cli;

import java.util.Optional;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Devices;
import trm4j.model.ranks.Ranks;
import trm4j.train.Alike;

/** Which device each of the processes takes that do a command together. */
final class RankDevices {

    /** Stands for a rank's number on its machine. */
    private static final String NUMBER = "%r";

    private RankDevices() {}

    /**
     * Returns this rank's device, with as many threads as it should have.
     *
     * @param named a name, in which %r stands for the rank's number on its machine, or a list for those on a machine
     * @throws DeviceException if the list is shorter, or there is no such device
     */
    static Device open(String named, Ranks ranks) {
        var device = Devices.named(name(named, ranks));
        return ranks.areSeveral() ? device.withCores(ranks.threads()).orElse(device) : device;
    }

    static String name(String named, Ranks ranks) {
        var names = named.split(",");
        if (!ranks.areSeveral() || names.length == 1) {
            return named.replace(NUMBER, Integer.toString(ranks.localRank()));
        }
        if (names.length < ranks.localSize()) {
            throw new DeviceException("Expected a device for each of the " + ranks.localSize()
                    + " ranks on a machine, found " + names.length + " in --device " + named + ".");
        }
        return names[ranks.localRank()];
    }

    /**
     * Together: refuses devices that are not alike, whose results would not be those of one of them.
     *
     * @return a sentence where ranks share one of them
     * @throws trm4j.model.ranks.RanksException if they are not alike
     */
    static Optional<String> requireAlike(Ranks ranks, Device own) {
        // A device's number and how many threads a processor has do not matter.
        var kind = own.computes().replaceFirst(":\\d+", "") + " ("
                + own.info().description().replaceFirst("^\\d+ threads?, ", "") + ")";
        Alike.require(ranks, "kind of device", kind);
        if (own.info().kind() != DeviceInfo.Kind.GPU) {
            return Optional.empty();
        }
        var all = ranks.allGather((ranks.localRank() + " " + own.name()).getBytes()).stream().map(String::new).toList();
        long machines = all.stream().filter(each -> each.startsWith("0 ")).count();
        long takers = all.stream().filter(each -> each.endsWith(" " + own.name())).count();
        return takers > machines
                ? Optional.of("Several ranks of a machine share its " + own.name() + "; --device "
                + own.name().replaceFirst(":.*", "") + ":" + NUMBER + " gives each one of its own.")
                : Optional.empty();
    }
}
