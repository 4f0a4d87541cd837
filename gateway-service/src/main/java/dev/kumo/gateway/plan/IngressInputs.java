// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.IngressClassView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.model.TlsSecret;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * All that a plan of Ingresses depends on, in any order.
 *
 * @param secrets at least those that our Ingresses name, as far as they exist
 * @param sharedNamespace where the Service of shared Ingresses is
 * @param refused Services of ours that the API server doesn't take, and why
 */
public record IngressInputs(
        Collection<IngressClassView> classes,
        Collection<IngressView> ingresses,
        Collection<ServiceView> services,
        Collection<TlsSecret> secrets,
        IngressDefaults defaults,
        String sharedNamespace,
        Map<ObjectKey, String> refused) {
    /** Collections become lists: these are equal if they hold equal things in the same order. */
    public IngressInputs {
        classes = List.copyOf(classes);
        ingresses = List.copyOf(ingresses);
        services = List.copyOf(services);
        secrets = List.copyOf(secrets);
        refused = Map.copyOf(refused);
    }
}
