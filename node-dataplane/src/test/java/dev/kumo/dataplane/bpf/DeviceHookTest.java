// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.link.TestNamespace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs on a device's hooks, looked at with tc(8), in a namespace of the test's own. */
@Tag("privileged")
class DeviceHookTest {
    private static final int ABSENT = 4711;
    private static Path pins;
    private static Datapath datapath;
    private TestNamespace namespace;
    private int device;

    @BeforeAll
    static void load() {
        pins = TestDatapath.newPins();
        datapath = Datapath.load(TestDatapath.OBJECTS, pins, TestDatapath.CONFIG);
    }

    @AfterAll
    static void remove() {
        datapath.close();
        Datapath.remove(pins);
    }

    @BeforeEach
    void start() throws Exception {
        namespace = TestNamespace.create("hook");
        namespace.ip("link", "add", "lxc0", "type", "veth");
        device = Integer.parseInt(
                namespace.shell("ip -o link show lxc0 | cut -d: -f1").strip());
    }

    @AfterEach
    void stop() throws Exception {
        namespace.close();
    }

    @Test
    void bothDirectionsRunTheirProgramAndAttachingAgainChangesNothing() throws Exception {
        attach(datapath);
        var ingress = filters("ingress");
        assertThat(ingress).containsOnlyOnce("from_pod:[").contains("direct-action", "pref 1 ", "handle 0x1");
        assertThat(filters("egress")).containsOnlyOnce("to_pod:[");
        attach(datapath);
        assertThat(filters("ingress")).isEqualTo(ingress);
    }

    @Test
    void aNewerProgramTakesTheOldOnesPlace() throws Exception {
        attach(datapath);
        var before = filters("ingress");
        try (var newer = Datapath.load(TestDatapath.OBJECTS, pins, otherConfig())) {
            attach(newer);
            assertThat(filters("ingress")).containsOnlyOnce("from_pod:[").isNotEqualTo(before);
            attach(datapath);
            assertThat(filters("ingress")).isEqualTo(before);
        }
    }

    @Test
    void othersFiltersStayAndSoDoHooksWithoutOurs() throws Exception {
        namespace.shell("tc qdisc add dev lxc0 clsact");
        var foreign = Pins.in(pins.resolve("programs")).stream()
                .filter(pin -> Pins.nameOf(pin).equals("to_overlay"))
                .findFirst()
                .orElseThrow();
        namespace.shell("tc filter add dev lxc0 ingress pref 7 bpf direct-action object-pinned " + foreign);
        attach(datapath);
        assertThat(filters("ingress")).contains("from_pod", "pref 7 bpf");
        detach(device);
        detach(device);
        assertThat(filters("ingress")).doesNotContain("from_pod").contains("pref 7 bpf");
        assertThat(filters("egress")).isEmpty();
    }

    @Test
    void detachingADeviceThatIsGoneOrHasNoHookIsNothing() throws Exception {
        detach(ABSENT);
        detach(device);
        assertThatThrownBy(() -> namespace.call(() -> {
                    datapath.attachPod(ABSENT);
                    return true;
                }))
                .isInstanceOf(BpfException.class)
                .hasMessage("tc_attach from_pod to ifindex 4711: ENODEV (19)");
    }

    @Test
    void removalFreesTheHooks() throws Exception {
        var own = TestDatapath.newPins();
        try (var other = Datapath.load(TestDatapath.OBJECTS, own, TestDatapath.CONFIG)) {
            attach(other);
            namespace.call(() -> {
                Datapath.remove(own);
                return true;
            });
        }
        assertThat(filters("ingress") + filters("egress")).isEmpty();
    }

    private void attach(Datapath which) throws Exception {
        namespace.call(() -> {
            which.attachPod(device);
            return true;
        });
    }

    private void detach(int ifindex) throws Exception {
        namespace.call(() -> {
            datapath.detach(ifindex);
            return true;
        });
    }

    private String filters(String direction) throws Exception {
        return namespace.shell("tc filter show dev lxc0 " + direction);
    }

    private static NodeConfig otherConfig() {
        var plain = TestDatapath.CONFIG;
        return new NodeConfig(
                Address.of("172.18.0.12"),
                plain.ingressAddress(),
                plain.podRange(),
                plain.clusterRange(),
                plain.deviceIfindex(),
                plain.deviceMac(),
                plain.overlayIfindex(),
                plain.routing(),
                plain.masquerade());
    }
}
