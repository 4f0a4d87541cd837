// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.endpoint.PodEndpoint;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.stream.Reason;
import java.util.List;
import java.util.stream.StreamSupport;

/** What an ADD made, in the configuration's version, behind what plugins before made. */
final class CniResult {
    private CniResult() {}

    /** @param mtu of the link, bytes; told from version 1.1.0 on */
    static ObjectNode of(PodEndpoint endpoint, int mtu, CniConfig config) {
        var result = config.previousResult()
                .map(ObjectNode::deepCopy)
                .orElseGet(() -> config.json().objectNode());
        result.put("cniVersion", config.version());
        var interfaces = result.withArray("interfaces");
        refuseTwice(endpoint, interfaces);
        var host = interfaces
                .addObject()
                .put("name", endpoint.attachment().hostName())
                .put("mac", MacAddress.HOST_SIDE.toString());
        var pod = interfaces
                .addObject()
                .put("name", endpoint.attachment().ifname())
                .put("mac", endpoint.mac().toString())
                .put("sandbox", endpoint.place().netns());
        if (config.isAtLeast("1.1.0")) {
            List.of(host, pod).forEach(side -> side.put("mtu", mtu));
        }
        addAddress(endpoint, result.withArray("ips"), interfaces.size() - 1, config);
        result.withArray("routes").addObject().put("dst", "0.0.0.0/0").put("gw", PodLink.GATEWAY.toString());
        config.dns().ifPresent(dns -> result.set("dns", dns));
        return result;
    }

    /**
     * Compares what the runtime remembers of an ADD with what there is.
     *
     * @throws CniException naming what it lacks
     */
    static void check(PodEndpoint endpoint, ObjectNode previous) {
        var address = endpoint.address() + "/32";
        require(
                elements(previous, "ips").stream()
                        .anyMatch(ip -> ip.path("address").asText().equals(address)),
                "prevResult lacks the address " + address);
        require(
                elements(previous, "interfaces").stream()
                        .anyMatch(link -> link.path("name")
                                        .asText()
                                        .equals(endpoint.attachment().ifname())
                                && link.path("sandbox")
                                        .asText()
                                        .equals(endpoint.place().netns())),
                "prevResult lacks the interface " + endpoint.attachment().ifname());
    }

    private static void addAddress(PodEndpoint endpoint, ArrayNode addresses, int index, CniConfig config) {
        var address = addresses
                .addObject()
                .put("address", endpoint.address() + "/32")
                .put("gateway", PodLink.GATEWAY.toString())
                .put("interface", index);
        if (!config.isAtLeast("1.0.0")) {
            address.put("version", "4");
        }
    }

    private static void refuseTwice(PodEndpoint endpoint, ArrayNode interfaces) {
        for (var other : interfaces) {
            if (other.path("name").asText().equals(endpoint.attachment().ifname())
                    && !other.path("sandbox").asText("").isEmpty()) {
                throw conflict("prevResult already has " + endpoint.attachment().ifname());
            }
        }
    }

    private static List<JsonNode> elements(ObjectNode object, String name) {
        return StreamSupport.stream(object.path(name).spliterator(), false).toList();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw conflict(otherwise);
        }
    }

    private static CniException conflict(String details) {
        return new CniException(CniException.INTERFACE_CONFLICT, Reason.INTERFACE_CONFLICT.name(), details);
    }
}
