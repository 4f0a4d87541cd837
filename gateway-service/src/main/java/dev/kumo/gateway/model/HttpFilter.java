// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import dev.kumo.gateway.model.HttpRule.BackendTarget;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is done to a request or its answer. */
public sealed interface HttpFilter {
    record RequestHeaders(HeaderChange change) implements HttpFilter {}

    record ResponseHeaders(HeaderChange change) implements HttpFilter {}

    /** Answers with a redirection. @param scheme empty keeps it. @param host empty keeps it. */
    record Redirect(String scheme, String host, Optional<PathChange> path, OptionalInt port, int status)
            implements HttpFilter {}

    /** Changes what the backend sees. @param host empty keeps it. */
    record Rewrite(String host, Optional<PathChange> path) implements HttpFilter {}

    /** Sends a copy of numerator of denominator requests; its answer is dropped. */
    record Mirror(BackendTarget target, int numerator, int denominator) implements HttpFilter {}

    /** Changes of headers: removals come first, then what is set, then what is added. */
    record HeaderChange(List<Header> set, List<Header> add, List<String> remove) {
        public static final HeaderChange NONE = new HeaderChange(List.of(), List.of(), List.of());

        public boolean isNone() {
            return equals(NONE);
        }
    }

    record Header(String name, String value) {}

    sealed interface PathChange {
        record Full(String path) implements PathChange {}

        /** Replaces the prefix that the rule matched. @param path no trailing slash; empty takes the prefix away. */
        record Prefix(String path) implements PathChange {}
    }
}
