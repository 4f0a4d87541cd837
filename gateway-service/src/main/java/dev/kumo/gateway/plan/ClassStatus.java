// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import java.util.List;

/** The status of one of our GatewayClasses. */
public record ClassStatus(String name, List<Condition> conditions, List<String> supportedFeatures) {}
