// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.Comparator;
import java.util.List;

/**
 * HTTP requests that are allowed: every given field must match. Method, path and host are regular expressions (RE2) over
 * the whole value; empty means any.
 *
 * @param headers "Name: value", or "Name" for one that must be present
 * @param headerValues further headers by name and exact value
 */
public record RequestMatch(
        String method, String path, String host, List<String> headers, List<HeaderValue> headerValues)
        implements Comparable<RequestMatch> {
    private static final Comparator<RequestMatch> ORDER = Comparator.comparing(RequestMatch::toString);

    /** A header and its exact value; an empty one means that the header must be present. */
    public record HeaderValue(String name, String value) {}

    public RequestMatch {
        headers = headers.stream().sorted().distinct().toList();
        headerValues = List.copyOf(headerValues);
    }

    @Override
    public int compareTo(RequestMatch other) {
        return ORDER.compare(this, other);
    }
}
