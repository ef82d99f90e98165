package trm4j.cli.bench;

import java.util.List;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * How a training step grows.
 *
 * @param kind what grows
 * @param arch what the rest is like, as in train
 */
public record GrowthReport(
        String version, String java, String kind, String shape, String law, TrmConfig arch, TrainConfig train,
        List<Series> series) {

    /** One device. */
    public record Series(String device, String description, List<Point> points) {}

    /**
     * One size.
     *
     * @param flops counted in a step
     * @param lawSeconds what the law expects of the time, from the largest size's (for cores: from one core's)
     * @param footprintBytes of memory as computed
     * @param heapBytes of the Java heap as measured
     */
    public record Point(
            int size, Times time, long flops, double lawSeconds, long footprintBytes, long heapBytes) {}
}
