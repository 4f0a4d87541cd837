// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.HeaderMatch;
import dev.kumo.policy.crd.HttpRule;
import dev.kumo.policy.model.rule.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HTTP rules. Whatever Envoy could refuse is refused here, so that it is its own policy's condition. */
final class HttpParser {
    /** RFC 9110, token. */
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private HttpParser() {}

    static List<RequestMatch> parse(List<HttpRule> rules, FieldPath path) {
        if (rules.isEmpty()) {
            path.invalid("is empty; write [{}] to allow every request");
        }
        var matches = new ArrayList<RequestMatch>();
        path.forEach(rules, (at, rule) -> {
            var headers = new ArrayList<String>();
            at.field("headers").forEach(rule.headers(), (item, header) -> headers.add(header(header, item)));
            var values = new ArrayList<RequestMatch.HeaderValue>();
            at.field("headerMatches")
                    .forEach(rule.headerMatches(), (item, match) -> values.add(headerValue(match, item)));
            matches.add(new RequestMatch(
                    regex(rule.method(), at.field("method")),
                    regex(rule.path(), at.field("path")),
                    regex(rule.host(), at.field("host")),
                    headers,
                    values));
        });
        return matches;
    }

    private static String regex(@Nullable String text, FieldPath path) {
        if (text == null) {
            return "";
        }
        RegexCheck.fault(text).ifPresent(path::invalid);
        return text;
    }

    private static String header(String header, FieldPath path) {
        int colon = header.indexOf(':');
        var name = colon < 0 ? header : header.substring(0, colon);
        checkName(name, path);
        checkValue(header, path);
        return colon < 0 ? name : name + ": " + header.substring(colon + 1).strip();
    }

    private static RequestMatch.HeaderValue headerValue(HeaderMatch match, FieldPath path) {
        checkName(match.name(), path.field("name"));
        var value = match.value() == null ? "" : match.value();
        checkValue(value, path.field("value"));
        path.field("secret").refuseIfPresent(match.secret(), "values from Secrets are not supported");
        path.field("mismatch")
                .refuseIfPresent(match.mismatch(), "requests are allowed or refused, never changed or only logged");
        return new RequestMatch.HeaderValue(match.name(), value);
    }

    private static void checkName(String name, FieldPath path) {
        if (!HEADER_NAME.matcher(name).matches()) {
            path.invalid("\"%s\" is not the name of a header".formatted(name));
        }
    }

    private static void checkValue(String value, FieldPath path) {
        if (value.chars().anyMatch(character -> character == '\r' || character == '\n' || character == 0)) {
            path.invalid("a header's value is one line");
        }
    }
}
