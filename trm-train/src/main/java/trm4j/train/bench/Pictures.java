package trm4j.train.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** Charts as files, where Java can draw: it needs the system's fonts, even for text that is not drawn. */
final class Pictures {

    private Pictures() {}

    /** Draws charts, by the names of their files, as SVG and PNG; tells where they are, or why there are none. */
    static void draw(Path folder, Supplier<Map<String, Chart<?, ?>>> charts, Consumer<String> notes) {
        // Servers have no screen.
        System.setProperty("java.awt.headless", "true");
        try {
            for (var chart : charts.get().entrySet()) {
                var file = folder.resolve(chart.getKey()).toString();
                VectorGraphicsEncoder.saveVectorGraphic(
                        chart.getValue(), file, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
                BitmapEncoder.saveBitmap(chart.getValue(), file, BitmapEncoder.BitmapFormat.PNG);
                notes.accept("Pictures are in " + file + ".svg and .png");
            }
        } catch (IOException | LinkageError | InternalError | RuntimeException e) {
            notes.accept("No pictures: Java could not draw them (" + e + "); where there are no fonts, install"
                    + " fontconfig and one, such as fonts-dejavu-core.");
        }
    }
}
