package trm4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import trm4j.model.config.TrmConfig;

/** Reads a type of activations, such as {@code bfloat16}. */
final class DtypeConverter implements ITypeConverter<TrmConfig.Dtype> {

    @Override
    public TrmConfig.Dtype convert(String word) {
        for (var dtype : TrmConfig.Dtype.values()) {
            if (dtype.key().equals(word)) {
                return dtype;
            }
        }
        throw new TypeConversionException("expected float32 or bfloat16, found '" + word + "'");
    }
}
