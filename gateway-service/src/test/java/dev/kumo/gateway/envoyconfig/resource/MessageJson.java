// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Envoy's messages as JSON. */
public final class MessageJson {
    /** Knows every type of Envoy's. */
    public static final JsonFormat.Printer PRINTER = JsonFormat.printer().usingTypeRegistry(EnvoyTypes.REGISTRY);

    private static final ObjectMapper JSON = new ObjectMapper();

    private MessageJson() {}

    /** As plain maps and lists. */
    public static Object of(Message message) {
        try {
            return JSON.readValue(PRINTER.print(message), Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
