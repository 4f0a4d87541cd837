// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Instant;

/**
 * An Envoy with an open ADS stream; two generations may stand side by side for a while.
 *
 * @param node its node id
 * @param version such as "1.40.0"; empty if it doesn't say
 * @param since when it connected
 */
public record ConnectedEnvoy(String node, String version, Instant since) {
    static ConnectedEnvoy of(Node node, Instant since) {
        var build = node.getUserAgentBuildVersion().getVersion();
        var version = node.hasUserAgentBuildVersion()
                ? build.getMajorNumber() + "." + build.getMinorNumber() + "." + build.getPatch()
                : node.getUserAgentVersion();
        return new ConnectedEnvoy(node.getId(), version, since);
    }
}
