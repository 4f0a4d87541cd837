// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import dev.kumo.gateway.model.HttpFilter.PathChange;
import dev.kumo.gateway.model.HttpMatch.PathMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;

/** How Envoy is told to change a path so that no slash is doubled or lost. */
sealed interface PathRewrite {
    record Full(String path) implements PathRewrite {}

    record Prefix(String replacement) implements PathRewrite {}

    /** Takes a prefix away: what Envoy's prefix rewrite would leave as an empty path, or one with two slashes. */
    record Cut(String prefix) implements PathRewrite {
        RegexMatchAndSubstitute substitution() {
            return PathRewrite.substitute("^" + quote(prefix) + "/*", "/");
        }
    }

    static PathRewrite of(PathChange change, PathMatch match) {
        return switch (change) {
            case PathChange.Full full -> new Full(full.path());
            case PathChange.Prefix prefix when match.value().equals("/") -> new Prefix(prefix.path() + "/");
            case PathChange.Prefix prefix when prefix.path().isEmpty() -> new Cut(match.value());
            case PathChange.Prefix prefix -> new Prefix(prefix.path());
        };
    }

    static RegexMatchAndSubstitute whole(String path) {
        return substitute("^/.*$", path);
    }

    private static RegexMatchAndSubstitute substitute(String regex, String text) {
        return RegexMatchAndSubstitute.newBuilder()
                .setPattern(RegexMatcher.newBuilder().setRegex(regex))
                .setSubstitution(text.replace("\\", "\\\\"))
                .build();
    }

    private static String quote(String text) {
        return text.replaceAll("[^/A-Za-z0-9_-]", "\\\\$0");
    }
}
