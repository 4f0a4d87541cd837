// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.model.HttpMatch.PathMatch;
import dev.kumo.gateway.model.HttpMatch.ValueMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the matches of a rule. Stateless. */
final class MatchReader {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final Pattern BAD_PATH = Pattern.compile("[?#\\x00-\\x20\\x7f]|//|/\\.{1,2}(/|$)|%2[fF]");
    private static final Pattern VALUE = Pattern.compile("[^\\x00-\\x08\\x0a-\\x1f\\x7f]+");

    private MatchReader() {}

    static HttpMatch match(Fields match) throws InvalidField {
        var path = path(match.object("path"));
        var method = match.text("method").orElse("");
        if (!method.isEmpty() && !METHODS.contains(method)) {
            throw new InvalidField(
                    match.path("method"),
                    "%s is not one of %s"
                            .formatted(method, METHODS.stream().sorted().toList()));
        }
        var headers = values(match.objects("headers"), true);
        var query = values(match.objects("queryParams"), false);
        match.end();
        return new HttpMatch(path, method, headers, query);
    }

    private static PathMatch path(Fields path) throws InvalidField {
        var type = path.text("type").orElse("PathPrefix");
        var value = path.text("value").orElse("/");
        path.end();
        return switch (type) {
            case "Exact" -> new PathMatch(PathMatch.Kind.EXACT, plain(path.path("value"), value));
            case "PathPrefix" -> new PathMatch(PathMatch.Kind.PREFIX, prefix(path.path("value"), value));
            case "RegularExpression" ->
                new PathMatch(PathMatch.Kind.REGULAR_EXPRESSION, Expressions.check(path.path("value"), value));
            default ->
                throw new InvalidField(
                        path.path("type"), "%s is not one of Exact, PathPrefix, RegularExpression".formatted(type));
        };
    }

    /** A prefix without its trailing slashes: {@code /a/} serves what {@code /a} serves. */
    static String prefix(String path, String value) throws InvalidField {
        var plain = plain(path, value);
        return plain.length() > 1 && plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }

    static String plain(String path, String value) throws InvalidField {
        if (!value.startsWith("/") || BAD_PATH.matcher(value).find()) {
            throw new InvalidField(path, "must begin with / and have no space, ?, #, //, /./, /../ or %2F: " + value);
        }
        return value;
    }

    /** The first of each name counts, as the specification says. */
    private static List<ValueMatch> values(List<Fields> all, boolean headers) throws InvalidField {
        var names = new HashSet<String>();
        var matches = new ArrayList<ValueMatch>();
        for (var fields : all) {
            var text = fields.needText("name");
            var name = headers ? HeaderReader.name(fields.path("name"), text) : text;
            var type = fields.text("type").orElse("Exact");
            var value = fields.needText("value");
            fields.end();
            boolean regex = type.equals("RegularExpression");
            if (!regex && !type.equals("Exact")) {
                throw new InvalidField(fields.path("type"), type + " is not one of Exact, RegularExpression");
            }
            if (regex) {
                Expressions.check(fields.path("value"), value);
            } else if (!VALUE.matcher(value).matches()) {
                throw new InvalidField(fields.path("value"), "must have a character and no control character");
            }
            if (names.add(name)) {
                matches.add(new ValueMatch(name, regex, value));
            }
        }
        return matches;
    }
}
