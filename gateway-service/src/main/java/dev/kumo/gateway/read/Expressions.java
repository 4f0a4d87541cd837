// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks expressions for Envoy, whose RE2 refuses a whole set of routes for one that it can't compile. What Java can't compile
 * is refused, and so is what RE2 lacks: looking around, references to groups, possessive repetition, atomic groups. Refuses
 * more than RE2 does where the two write the same thing differently ({@code (?P<name>…)}).
 */
final class Expressions {
    private static final int LONGEST = 1024;
    /** RE2 refuses a repetition of more than this. */
    private static final int MOST_REPEATS = 1000;

    private static final Pattern LACKING = Pattern.compile("\\(\\?(?:[=!>]|<[=!])|[*+?}]\\+|\\\\[1-9]|\\\\[GZRXk]|&&");
    private static final Pattern REPEAT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

    private Expressions() {}

    static String check(String path, String expression) throws InvalidField {
        if (expression.isEmpty() || expression.length() > LONGEST) {
            throw new InvalidField(path, "an expression has 1 to %d characters".formatted(LONGEST));
        }
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new InvalidField(path, "not a regular expression: " + e.getDescription());
        }
        var plain = expression.replace("\\\\", "");
        if (LACKING.matcher(plain).find()) {
            throw new InvalidField(
                    path, "uses what RE2 lacks: look-around, back references, possessive repetition or atomic groups");
        }
        var repeats = REPEAT.matcher(plain);
        while (repeats.find()) {
            var most = repeats.group(2) == null || repeats.group(2).isEmpty() ? repeats.group(1) : repeats.group(2);
            if (most.length() > 4 || Integer.parseInt(most) > MOST_REPEATS) {
                throw new InvalidField(path, "repeats more than %d times".formatted(MOST_REPEATS));
            }
        }
        return expression;
    }
}
