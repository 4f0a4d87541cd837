// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ServiceClaim;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads what Services ask for: Service v1 and Cilium's annotations of LB IPAM. Stateless. */
final class RequestReading {
    private static final String IPS = "lbipam.cilium.io/ips";
    private static final String IPS_ALIAS = "io.cilium/lb-ipam-ips";
    /** The class under which announcement on the LAN is asked for; ours like an unset one. */
    private static final String L2_CLASS = "io.cilium/l2-announcer";

    private static final Set<String> UNSUPPORTED_CLASSES = Set.of("io.cilium/bgp-control-plane", "io.cilium/node");

    private final Set<AddressFamily> served;

    RequestReading(Set<AddressFamily> served) {
        this.served = served;
    }

    /** Whether the Service gets its addresses from pools. */
    static boolean isOurs(ServiceClaim claim) {
        var balancer = claim.request().loadBalancerClass();
        return isBalanced(claim) && (balancer.isEmpty() || balancer.equals(L2_CLASS));
    }

    /** Whether the Service asks for something of Cilium's that is not done here. */
    static boolean hasUnsupportedClass(ServiceClaim claim) {
        return isBalanced(claim) && UNSUPPORTED_CLASSES.contains(claim.request().loadBalancerClass());
    }

    private static boolean isBalanced(ServiceClaim claim) {
        return claim.service().type().equals("LoadBalancer");
    }

    ServiceRequest read(ServiceClaim claim) {
        var addresses = new LinkedHashSet<IPAddress>();
        var invalid = new ArrayList<String>();
        var single = claim.request().loadBalancerIp();
        if (!single.isEmpty()) {
            read("spec.loadBalancerIP", single, addresses, invalid);
        }
        var annotations = claim.service().annotations();
        var key = annotations.containsKey(IPS) ? IPS : IPS_ALIAS;
        for (var text : annotations.getOrDefault(key, "").split(",")) {
            if (!text.isBlank()) {
                read("annotation " + key, text.strip(), addresses, invalid);
            }
        }
        return new ServiceRequest(
                claim,
                List.copyOf(addresses),
                invalid,
                families(claim),
                !claim.request().ipFamilyPolicy().equals("PreferDualStack"),
                Selector.labels(claim));
    }

    private static void read(String where, String text, Set<IPAddress> addresses, List<String> invalid) {
        AddressText.address(text)
                .ifPresentOrElse(addresses::add, () -> invalid.add("%s: '%s' is no IP address".formatted(where, text)));
    }

    private Set<AddressFamily> families(ServiceClaim claim) {
        var named = new ArrayList<AddressFamily>();
        claim.request()
                .ipFamilies()
                .forEach(family -> AddressFamily.named(family).ifPresent(named::add));
        return switch (claim.request().ipFamilyPolicy()) {
            case "RequireDualStack" -> EnumSet.allOf(AddressFamily.class);
            case "PreferDualStack" -> preferred(named);
            default -> EnumSet.of(named.isEmpty() ? first() : named.getFirst());
        };
    }

    /** The served ones of those named, or of all; what is named but not served at all stays, to be refused. */
    private Set<AddressFamily> preferred(List<AddressFamily> named) {
        var families = named.isEmpty() ? EnumSet.copyOf(served) : EnumSet.copyOf(named);
        if (families.stream().anyMatch(served::contains)) {
            families.retainAll(served);
        }
        return families;
    }

    private AddressFamily first() {
        return served.contains(AddressFamily.IPV4) ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }
}
