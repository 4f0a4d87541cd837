// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.link.Link;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import java.util.Arrays;
import java.util.List;

/** Items of the policy feed and the node that they are told to, for tests. */
public final class Items {
    private Items() {}

    public static Node node(String name, String address, String podRange) {
        var range = Range.of(podRange);
        return Node.newBuilder()
                .setName(name)
                .addInternalAddresses(bytes(address))
                .addPodRanges(Prefix.newBuilder()
                        .setAddress(bytes(range.address().toString()))
                        .setLength(96 + range.bits()))
                .build();
    }

    public static AddressIdentity address(String address, int identity, String node) {
        return AddressIdentity.newBuilder()
                .setAddress(bytes(address))
                .setIdentity(identity)
                .setNode(node)
                .build();
    }

    public static Entry entry(Node node) {
        return new Entry(Table.NODES.item(node.getName()), node);
    }

    public static Entry entry(AddressIdentity address) {
        return new Entry(Table.ADDRESSES.item(Address.of(address.getAddress()).toString()), address);
    }

    public static DesiredChange upserts(boolean inSync, Entry... entries) {
        return new DesiredChange(FeedMethods.POLICY, Arrays.asList(entries), List.of(), inSync);
    }

    public static DesiredChange removes(boolean inSync, ItemKey... keys) {
        return new DesiredChange(FeedMethods.POLICY, List.of(), Arrays.asList(keys), inSync);
    }

    /** w1 with address 172.18.0.11 and pods 10.244.1.0/24; eth0 is device 2, the overlay device 7. */
    public static NodeNetwork network(Routing routing) {
        var node = LocalNode.of(node("w1", "172.18.0.11", "10.244.1.0/24")).orElseThrow();
        return new NodeNetwork(
                node,
                Range.of("10.244.0.0/16"),
                routing,
                List.of(link(2, "eth0", 1500, "veth")),
                link(7, NodeDevices.OVERLAY, 1450, "vxlan"));
    }

    static Link link(int index, String name, int mtu, String kind) {
        return new Link(index, name, MacAddress.of("02:00:00:00:00:0" + index), mtu, true, true, kind);
    }

    private static ByteString bytes(String address) {
        return ByteString.copyFrom(Address.of(address).bytes());
    }
}
