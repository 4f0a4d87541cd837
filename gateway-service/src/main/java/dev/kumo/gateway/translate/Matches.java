// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.model.HttpMatch.ValueMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/** Matches of requests. Stateless; any thread. */
final class Matches {
    private Matches() {}

    static RouteMatch match(HttpMatch match) {
        var route = RouteMatch.newBuilder();
        var value = match.path().value();
        switch (match.path().kind()) {
            case EXACT -> route.setPath(value);
            case REGULAR_EXPRESSION ->
                route.setSafeRegex(RegexMatcher.newBuilder().setRegex(value));
            case PREFIX -> {
                if (value.equals("/")) {
                    route.setPrefix(value);
                } else {
                    route.setPathSeparatedPrefix(value);
                }
            }
        }
        if (!match.method().isEmpty()) {
            route.addHeaders(HeaderMatcher.newBuilder()
                    .setName(":method")
                    .setStringMatch(StringMatcher.newBuilder().setExact(match.method())));
        }
        for (var header : match.headers()) {
            route.addHeaders(HeaderMatcher.newBuilder().setName(header.name()).setStringMatch(text(header)));
        }
        for (var query : match.query()) {
            route.addQueryParameters(
                    QueryParameterMatcher.newBuilder().setName(query.name()).setStringMatch(text(query)));
        }
        return route.build();
    }

    private static StringMatcher text(ValueMatch match) {
        return match.regex()
                ? StringMatcher.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex(match.value()))
                        .build()
                : StringMatcher.newBuilder().setExact(match.value()).build();
    }
}
