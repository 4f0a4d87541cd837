// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import dev.kumo.gateway.model.HttpFilter.Header;
import dev.kumo.gateway.model.HttpFilter.HeaderChange;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.List;
import java.util.stream.Stream;

/** Header changes; Envoy removes before it sets and adds. Stateless; any thread. */
final class Headers {
    private Headers() {}

    static List<HeaderValueOption> added(HeaderChange change) {
        return Stream.concat(
                        change.set().stream()
                                .map(header -> option(header, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)),
                        change.add().stream().map(header -> option(header, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)))
                .toList();
    }

    /** A percent sign would begin one of Envoy's variables. */
    private static HeaderValueOption option(Header header, HeaderAppendAction action) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder()
                        .setKey(header.name())
                        .setValue(header.value().replace("%", "%%")))
                .setAppendAction(action)
                .setKeepEmptyValue(header.value().isEmpty())
                .build();
    }
}
