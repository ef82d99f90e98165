package trm4j.cli.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What goes into a page that has all it needs in it, and asks no network for anything. */
public final class PageParts {

    private PageParts() {}

    /** Returns the text of a resource beside a class, or anywhere on the class path if its name begins with /. */
    public static String resource(Class<?> beside, String name) {
        try (var stream = beside.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what stands in a page's head: who may see and send what, title and styles. */
    public static String head(String title, String styles) {
        return resource(PageParts.class, "head.html")
                .replace("{{title}}", escaped(title))
                .replace("{{styles}}", styles);
    }

    /** Returns a text as it may stand in an element of a template, where {{NAME}} stands for something else. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("{{", "{ {");
    }

    /** Returns JSON as it may stand in a script element: nothing in it can end that. */
    public static String script(JsonNode json) {
        return json.toString().replace("<", "\\u003c");
    }
}
