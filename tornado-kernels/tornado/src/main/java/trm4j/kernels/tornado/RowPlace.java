package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;

/**
 * Which columns of a row of the table of calls a launch has.
 *
 * @param first its first one, counted from the row's first
 * @param at the same, counted from where the device stands in the row; it is compiled into the kernel
 */
record RowPlace(Launch launch, int first, int at) {

    /** The device goes on by multiples of so many columns, so that few kernels are compiled that do. */
    private static final int PACE = 64;

    /** Returns the places of launches that are made with one row, one after the other. */
    static List<RowPlace> of(List<Launch> launches) {
        var places = new ArrayList<RowPlace>();
        int stands = 0;
        int first = 0;
        for (var launch : launches) {
            if (launch.goesOn()) {
                first = stands + Math.ceilDiv(first - stands, PACE) * PACE;
            }
            places.add(new RowPlace(launch, first, first - stands));
            first += launch.columns();
            if (launch.goesOn()) {
                stands = first;
            }
        }
        return places;
    }

    /** The column after its last. */
    int end() {
        return first + launch.columns();
    }
}
