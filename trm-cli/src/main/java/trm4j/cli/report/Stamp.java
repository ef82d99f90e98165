package trm4j.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * What tells a file from what it was before, without reading it.
 *
 * @param key the file system's, null where it has none or there is no file
 * @param size -1 where there is no file
 */
record Stamp(Path file, Object key, long size, FileTime modified) {

    static List<Stamp> of(Path... files) {
        return Stream.of(files).map(Stamp::of).toList();
    }

    private static Stamp of(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(file, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        } catch (IOException e) {
            return new Stamp(file, null, -1, null);
        }
    }
}
