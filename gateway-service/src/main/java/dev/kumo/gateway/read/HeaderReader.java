// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.HttpFilter.Header;
import dev.kumo.gateway.model.HttpFilter.HeaderChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads header names and header changes. Stateless. */
final class HeaderReader {
    /** RFC 9110 §5.6.2. */
    private static final Pattern NAME = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,256}");

    private static final Pattern VALUE = Pattern.compile("[^\\x00-\\x08\\x0a-\\x1f\\x7f]{0,4096}");

    private HeaderReader() {}

    /** @return in lower case */
    static String name(String path, String name) throws InvalidField {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidField(path, "not a header name: " + name);
        }
        return name.toLowerCase(Locale.ROOT);
    }

    static HeaderChange change(Fields fields) throws InvalidField {
        var set = headers(fields.objects("set"));
        var add = headers(fields.objects("add"));
        var remove = new ArrayList<String>();
        for (var name : fields.texts("remove")) {
            remove.add(changeable(fields.path("remove"), name));
        }
        fields.end();
        return new HeaderChange(set, add, remove);
    }

    /** The first of each name counts, as the specification says. */
    private static List<Header> headers(List<Fields> all) throws InvalidField {
        var names = new HashSet<String>();
        var headers = new ArrayList<Header>();
        for (var fields : all) {
            var name = changeable(fields.path("name"), fields.needText("name"));
            var value = fields.needText("value");
            fields.end();
            if (!VALUE.matcher(value).matches()) {
                throw new InvalidField(fields.path("value"), "has a control character");
            }
            if (names.add(name)) {
                headers.add(new Header(name, value));
            }
        }
        return headers;
    }

    private static String changeable(String path, String text) throws InvalidField {
        var name = name(path, text);
        if (name.equals("host")) {
            throw new InvalidField(path, "Host can't be changed as a header; use a URLRewrite filter's hostname");
        }
        return name;
    }
}
