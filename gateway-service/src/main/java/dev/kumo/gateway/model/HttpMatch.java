// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;

/**
 * Which requests a rule serves: all of its parts hold.
 *
 * @param method empty means any
 * @param headers names in lower case, each once
 * @param query names each once
 */
public record HttpMatch(PathMatch path, String method, List<ValueMatch> headers, List<ValueMatch> query) {
    public static final HttpMatch ALL =
            new HttpMatch(new PathMatch(PathMatch.Kind.PREFIX, "/"), "", List.of(), List.of());

    /**
     * A match of the path.
     *
     * @param value a prefix has no trailing slash unless it is {@code /}, and covers whole path elements only
     */
    public record PathMatch(Kind kind, String value) {
        /** In order of precedence. */
        public enum Kind {
            EXACT,
            REGULAR_EXPRESSION,
            PREFIX
        }
    }

    /** A match of one value, equal or, if so said, by an expression that covers the whole of it. */
    public record ValueMatch(String name, boolean regex, String value) {}
}
