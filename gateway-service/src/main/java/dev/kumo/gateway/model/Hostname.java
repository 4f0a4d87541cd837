// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /** All that {@link #covers cover} this, this one included; the most specific first. */
    public List<Hostname> covering() {
        var covering = new ArrayList<Hostname>();
        covering.add(this);
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
            var suffix = new Hostname("*" + text.substring(dot));
            if (!equals(suffix)) {
                covering.add(suffix);
            }
        }
        if (!isAny()) {
            covering.add(ANY);
        }
        return covering;
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
