package trm4j.cli.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import trm4j.model.file.AtomicFile;

/** Charts as files, where Java can draw: it needs the system's fonts, even for SVG. */
final class Pictures {

    private Pictures() {}

    /** Draws charts, by the names of their files, as SVG and PNG; tells where they are, or why there are none. */
    static void draw(Path folder, Supplier<Map<String, Chart<?, ?>>> charts, Consumer<String> notes) {
        // Servers have no screen.
        System.setProperty("java.awt.headless", "true");
        try {
            for (var chart : charts.get().entrySet()) {
                var svg = new ByteArrayOutputStream();
                VectorGraphicsEncoder.saveVectorGraphic(chart.getValue(), svg, VectorGraphicsFormat.SVG);
                var png = new ByteArrayOutputStream();
                BitmapEncoder.saveBitmap(chart.getValue(), png, BitmapFormat.PNG);
                AtomicFile.write(folder.resolve(chart.getKey() + ".svg"), svg.toByteArray());
                AtomicFile.write(folder.resolve(chart.getKey() + ".png"), png.toByteArray());
                notes.accept("Pictures are in " + folder.resolve(chart.getKey()) + ".svg and .png");
            }
        } catch (IOException | LinkageError | InternalError | RuntimeException e) {
            notes.accept("No pictures: Java could not draw them (" + e + "); where there are no fonts, install"
                    + " fontconfig and one, such as fonts-dejavu-core.");
        }
    }
}
