// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.google.protobuf.Any;
import com.google.protobuf.Message;

/**
 * A resource of a configuration.
 *
 * @param name qualified
 * @param path where it is in its object
 * @param sensitive whether it holds what Envoy's API marks so, such as a private key
 */
public record EnvoyMessage(ResourceKind kind, String name, String path, Message message, boolean sensitive) {
    /** Serialized, equal content to equal bytes. */
    public static Any pack(Message message) {
        return Anys.pack(message);
    }

    /** Whether it is a listener without an address of its own. */
    public boolean isBoundByNode() {
        var type = message.getDescriptorForType();
        return kind == ResourceKind.LISTENER
                && !message.hasField(type.findFieldByName("address"))
                && !message.hasField(type.findFieldByName("internal_listener"));
    }

    EnvoyMessage with(Message other) {
        return new EnvoyMessage(kind, name, path, other, sensitive);
    }
}
