// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression over link names in Go's syntax (RE2), found anywhere in the name as Go's MatchString does. Names have at
 * most 15 characters, so that Java's backtracking costs nothing; what RE2 lacks is refused all the same.
 */
record LinkPattern(Pattern pattern) {
    private static final int LONGEST = 1_000;
    private static final Pattern NOT_RE2 =
            Pattern.compile("\\(\\?(?:[=!>]|<[=!])|[*+?}]\\+|&&|\\\\(?:[1-9kGRXhHVNuceZ])");
    private static final Pattern POSIX_CLASS = Pattern.compile("\\[:(\\^?)([a-z]+):]");
    private static final Map<String, String> JAVA_CLASSES = Map.ofEntries(
            Map.entry("alnum", "Alnum"),
            Map.entry("alpha", "Alpha"),
            Map.entry("ascii", "ASCII"),
            Map.entry("blank", "Blank"),
            Map.entry("cntrl", "Cntrl"),
            Map.entry("digit", "Digit"),
            Map.entry("graph", "Graph"),
            Map.entry("lower", "Lower"),
            Map.entry("print", "Print"),
            Map.entry("punct", "Punct"),
            Map.entry("space", "Space"),
            Map.entry("upper", "Upper"),
            Map.entry("xdigit", "XDigit"));

    /** @throws IllegalArgumentException with what is wrong with it */
    static LinkPattern of(String regex) {
        if (regex.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than %d characters".formatted(LONGEST));
        }
        // An escaped backslash is no beginning of an escape.
        var lacking = NOT_RE2.matcher(regex.replace("\\\\", "__"));
        if (lacking.find()) {
            throw new IllegalArgumentException("RE2 has no '%s'".formatted(lacking.group()));
        }
        try {
            return new LinkPattern(Pattern.compile(java(regex)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("%s near index %d".formatted(e.getDescription(), e.getIndex()), e);
        }
    }

    boolean matches(String link) {
        return pattern.matcher(link).find();
    }

    private static String java(String regex) {
        return POSIX_CLASS.matcher(regex.replace("(?P<", "(?<")).replaceAll(found -> {
            var name = JAVA_CLASSES.get(found.group(2));
            if (name == null) {
                throw new IllegalArgumentException("RE2 has no class '%s'".formatted(found.group()));
            }
            return (found.group(1).isEmpty() ? "\\\\p{" : "\\\\P{") + name + "}";
        });
    }
}
