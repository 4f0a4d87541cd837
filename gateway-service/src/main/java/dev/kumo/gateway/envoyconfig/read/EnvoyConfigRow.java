// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.read;

import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView;
import dev.kumo.gateway.envoyconfig.resource.EnvoyMessage;
import java.util.List;

/**
 * A configuration as its table keeps it.
 *
 * @param messages what it says to Envoy, in the order of the object
 */
public record EnvoyConfigRow(EnvoyConfigView view, List<EnvoyMessage> messages) {}
