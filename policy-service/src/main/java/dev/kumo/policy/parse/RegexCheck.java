// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds regular expressions that RE2, which Envoy uses, refuses: they never reach a node. What Java refuses is refused, too
 * (RE2 has no other syntax for well-formed expressions but {@code (?P<name>…)}).
 */
final class RegexCheck {
    private static final int LONGEST = 2_048;
    /** RE2's kMaxRepeat. */
    private static final int MOST_REPEATS = 1_000;

    private static final Set<Character> ESCAPED_LETTERS = Set.of(
            'a', 'f', 'n', 'r', 't', 'v', 'd', 'D', 's', 'S', 'w', 'W', 'b', 'B', 'A', 'z', 'p', 'P', 'x', 'Q', 'E');

    private final String text;
    private int at;

    private RegexCheck(String text) {
        this.text = text;
    }

    /** Why the expression can't be used; empty if it can. */
    static Optional<String> fault(String regex) {
        if (regex.length() > LONGEST) {
            return Optional.of("is longer than %d characters".formatted(LONGEST));
        }
        return new RegexCheck(regex).fault().or(() -> {
            try {
                Pattern.compile(regex);
                return Optional.empty();
            } catch (PatternSyntaxException e) {
                return Optional.of("is no regular expression: " + e.getDescription());
            }
        });
    }

    private Optional<String> fault() {
        boolean inClass = false;
        for (at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == '\\') {
                at++;
                if (!isEscape()) {
                    return Optional.of(
                            "has an escape that RE2 lacks: \\" + text.substring(Math.min(at, text.length())));
                }
            } else if (inClass) {
                inClass = next != ']';
            } else if (next == '[') {
                inClass = true;
                // A bracket in first place is a member.
                at += text.startsWith("^]", at + 1) ? 2 : text.startsWith("]", at + 1) ? 1 : 0;
            } else if (text.startsWith("(?", at) && !isGroup()) {
                return Optional.of("has a group that RE2 lacks, such as lookaround: " + text.substring(at));
            } else if ("*+?}".indexOf(next) >= 0 && isStacked()) {
                return Optional.of("repeats a repetition, which RE2 refuses: " + text.substring(at));
            } else if (next == '{' && repeats() > MOST_REPEATS) {
                return Optional.of("repeats more than %d times".formatted(MOST_REPEATS));
            }
        }
        return Optional.empty();
    }

    private boolean isEscape() {
        if (at >= text.length()) {
            return false;
        }
        char escaped = text.charAt(at);
        boolean letter = (escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z');
        boolean digit = escaped >= '0' && escaped <= '9';
        return letter ? ESCAPED_LETTERS.contains(escaped) : !digit && escaped < 0x80;
    }

    /** Non-capturing, with flags that RE2 knows, or named. */
    private boolean isGroup() {
        return Pattern.compile("\\(\\?([imsU]*(-[imsU]+)?[:)]|P?<[A-Za-z_][A-Za-z0-9_]*>).*", Pattern.DOTALL)
                .matcher(text.substring(at))
                .matches();
    }

    /** A possessive quantifier, or two in a row; one question mark makes a repetition lazy. */
    private boolean isStacked() {
        if (at + 1 >= text.length()) {
            return false;
        }
        char following = text.charAt(at + 1);
        boolean lazy = following == '?';
        char afterLazy = at + 2 < text.length() ? text.charAt(at + 2) : ' ';
        return following == '*' || following == '+' || (lazy && "*+?".indexOf(afterLazy) >= 0);
    }

    private int repeats() {
        var matcher =
                Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}").matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return 0;
        }
        var most = matcher.group(3);
        return Integer.parseInt(most == null || most.isEmpty() ? matcher.group(1) : most);
    }
}
