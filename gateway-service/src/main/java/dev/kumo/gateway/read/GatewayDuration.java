// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads durations of GEP-2257: one to four of a number of up to five digits and h, m, s or ms. */
final class GatewayDuration {
    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");
    private static final Pattern PART = Pattern.compile("([0-9]{1,5})(ms|h|m|s)");

    private GatewayDuration() {}

    static Optional<Duration> parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        var total = Duration.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            long number = Long.parseLong(parts.group(1));
            total = total.plus(
                    switch (parts.group(2)) {
                        case "h" -> Duration.ofHours(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "s" -> Duration.ofSeconds(number);
                        default -> Duration.ofMillis(number);
                    });
        }
        return Optional.of(total);
    }
}
