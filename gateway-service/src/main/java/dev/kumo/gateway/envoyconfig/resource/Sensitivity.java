// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.google.protobuf.Descriptors.FieldDescriptor;
import udpa.annotations.Sensitive;

/** Fields that Envoy's API marks as sensitive: private keys, passwords. */
final class Sensitivity {
    private Sensitivity() {}

    static boolean of(FieldDescriptor field) {
        return field.getOptions().getExtension(Sensitive.sensitive);
    }
}
