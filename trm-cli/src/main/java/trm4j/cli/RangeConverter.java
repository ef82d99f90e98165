package trm4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a range such as {@code 24-32}, or {@code 24} for 24 to 24. */
final class RangeConverter implements ITypeConverter<RangeConverter.Range> {

    /** A range with both its ends. */
    record Range(int min, int max) {}

    @Override
    public Range convert(String value) {
        if (!value.matches("\\d{1,6}(-\\d{1,6})?")) {
            throw new TypeConversionException("expected MIN-MAX, such as 24-32, found '" + value + "'");
        }
        var bounds = value.split("-");
        return new Range(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[bounds.length - 1]));
    }
}
