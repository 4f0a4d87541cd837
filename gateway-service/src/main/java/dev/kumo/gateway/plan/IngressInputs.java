// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ServiceView;
import java.util.Collection;

/**
 * All that a plan of Ingresses depends on, in any order.
 *
 * @param defaultClass whether Ingresses without a class are ours
 * @param sharedNamespace where the Service of shared Ingresses is
 */
public record IngressInputs(
        Collection<IngressView> ingresses,
        Collection<ServiceView> services,
        boolean defaultClass,
        String sharedNamespace) {}
