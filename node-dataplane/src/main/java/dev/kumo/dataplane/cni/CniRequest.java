// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import dev.kumo.dataplane.endpoint.Addition;
import dev.kumo.dataplane.endpoint.Attachment;
import java.util.Set;

/** What the plugin asks; VERSION it answers by itself. */
sealed interface CniRequest {
    CniConfig config();

    record Add(Addition addition, CniConfig config) implements CniRequest {}

    record Delete(Attachment attachment, CniConfig config) implements CniRequest {}

    record Check(Attachment attachment, String netns, CniConfig config) implements CniRequest {}

    record Status(CniConfig config) implements CniRequest {}

    /** @param valid the runtime's attachments; all others may go */
    record Collect(Set<Attachment> valid, CniConfig config) implements CniRequest {}
}
