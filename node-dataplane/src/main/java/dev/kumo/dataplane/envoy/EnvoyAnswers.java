// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.util.Optional;

/** How this node's Envoys took what they are served. Any thread; answers trail what was published by a moment. */
public interface EnvoyAnswers {
    /** Whether any Envoy is there to answer. */
    boolean isConnected();

    /** Whether every connected Envoy goes by just this content of the resource; false while none is connected. */
    boolean isHeld(EnvoyResource resource);

    /** Why an Envoy refused just this content, if one did and none has taken it since. */
    Optional<String> refusal(EnvoyResource resource);
}
