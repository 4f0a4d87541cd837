// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.List;

/** The addresses that somebody wrote into an EndpointSlice of a Service. */
public record SliceView(String namespace, String service, List<String> addresses) {
    public SliceView {
        addresses = addresses.stream().sorted().distinct().toList();
    }
}
