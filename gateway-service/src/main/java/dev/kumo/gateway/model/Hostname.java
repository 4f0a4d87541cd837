// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A set of host names as Gateway API writes it: every name ({@code *}), names below a suffix ({@code *.example.com}, any
 * depth), or one name. Lower case.
 */
public record Hostname(String text) {
    public static final Hostname ANY = new Hostname("*");

    /** The most specific first: names before suffixes, the longer before the shorter. */
    public static final Comparator<Hostname> SPECIFICITY = Comparator.comparing(Hostname::isWildcard)
            .thenComparing(hostname -> -hostname.text.length())
            .thenComparing(Hostname::text);

    private static final Pattern LEGAL =
            Pattern.compile("(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int LONGEST = 253;

    /** @return nothing if the text is no host name */
    public static Optional<Hostname> of(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return lower.length() <= LONGEST && LEGAL.matcher(lower).matches()
                ? Optional.of(new Hostname(lower))
                : Optional.empty();
    }

    public boolean isAny() {
        return equals(ANY);
    }

    public boolean isWildcard() {
        return text.startsWith("*");
    }

    /** Whether every name of the other is also one of this. */
    public boolean covers(Hostname other) {
        return isAny() || equals(other) || isWildcard() && other.text.endsWith(text.substring(1));
    }

    /** The names that both have. */
    public Optional<Hostname> intersect(Hostname other) {
        if (covers(other)) {
            return Optional.of(other);
        }
        return other.covers(this) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
