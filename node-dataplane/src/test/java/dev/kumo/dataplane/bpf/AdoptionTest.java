// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.stream.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a restart finds and what it changes, with the real objects. */
@Tag("privileged")
class AdoptionTest {
    private final Path pins = TestDatapath.newPins();

    @AfterEach
    void remove() {
        Datapath.remove(pins);
    }

    @Test
    void aRestartWithEqualObjectsAndConfigKeepsEveryProgramAndMap() {
        load(TestDatapath.CONFIG).close();
        var before = numbers();
        load(TestDatapath.CONFIG).close();
        assertThat(numbers()).isEqualTo(before).isNotEmpty();
    }

    @Test
    void entriesAreThereAfterARestart() {
        var backend = new Backend(Address.of("10.244.1.7"), 8080, 6, Backend.LOCAL);
        try (var datapath = load(TestDatapath.CONFIG)) {
            datapath.backends().update(5, backend);
        }
        try (var datapath = load(TestDatapath.CONFIG)) {
            assertThat(datapath.backends().lookup(5)).contains(backend);
            assertThat(datapath.backends().delete(5)).isTrue();
            assertThat(datapath.backends().delete(5)).isFalse();
        }
    }

    @Test
    void anotherConfigLoadsProgramsBesideAndKeepsMaps() {
        load(TestDatapath.CONFIG).close();
        var before = numbers();
        try (var datapath = load(otherConfig())) {
            assertThat(numbers()).containsAllEntriesOf(before).hasSizeGreaterThan(before.size());
            datapath.removeStalePins();
        }
        var after = numbers();
        assertThat(after).hasSameSizeAs(before);
        before.forEach((pin, id) -> {
            if (pin.startsWith("maps/")) {
                assertThat(after).containsEntry(pin, id);
            }
        });
    }

    @Test
    void aLoadThatWasCutShortIsMadeGood() throws Exception {
        load(TestDatapath.CONFIG).close();
        var programs = Pins.in(pins.resolve("programs"));
        Files.delete(programs.getFirst());
        load(TestDatapath.CONFIG).close();
        assertThat(Pins.in(pins.resolve("programs"))).isEqualTo(programs);
    }

    @Test
    void aWalkSeesEveryEntryThoughTheyAreDeletedMeanwhile() {
        var entries = new LinkedHashMap<Integer, Backend>();
        for (int number = 1; number <= 3000; number++) {
            entries.put(number, new Backend(Address.ofIpv4(0x0af40000 + number), number, 17, 0));
        }
        try (var datapath = load(TestDatapath.CONFIG)) {
            entries.forEach(datapath.backends()::update);
            var found = new TreeMap<Integer, Backend>();
            datapath.backends().forEach((number, backend) -> {
                found.put(number, backend);
                datapath.backends().delete(number);
            });
            assertThat(found).isEqualTo(entries);
            datapath.backends().forEach((number, backend) -> {
                throw new AssertionError(number + " is left");
            });
        }
    }

    @Test
    void prefixesAreReadBackAsTheyWereWritten() {
        var entries = Map.of(
                PrefixKey.of(Address.of("10.244.2.0"), 24),
                        new Peer(0, Address.of("172.18.0.12").ipv4()),
                PrefixKey.of(Address.of("10.244.2.9")),
                        new Peer(300, Address.of("172.18.0.12").ipv4()));
        try (var datapath = load(TestDatapath.CONFIG)) {
            entries.forEach(datapath.addresses()::update);
            var found = new HashMap<PrefixKey, Peer>();
            datapath.addresses().forEach(found::put);
            assertThat(found).isEqualTo(entries);
            assertThat(datapath.addresses().lookup(PrefixKey.of(Address.of("10.244.2.0"), 24)))
                    .contains(entries.get(PrefixKey.of(Address.of("10.244.2.0"), 24)));
        }
    }

    @Test
    void aFullMapSaysSo() {
        try (var datapath = load(TestDatapath.CONFIG)) {
            var endpoints = datapath.endpointLinks();
            var link = new EndpointLink(Address.of("10.244.1.7"), 300, 0);
            for (int ifindex = 1; ifindex <= endpoints.capacity(); ifindex++) {
                endpoints.update(ifindex, link);
            }
            assertThatThrownBy(() -> endpoints.update(0, link))
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.MAP_FULL))
                    .hasMessage("map_update endpoint_links 0: E2BIG (7)");
        }
    }

    @Test
    void removalLeavesNothing() {
        load(TestDatapath.CONFIG).close();
        Datapath.remove(pins);
        assertThat(pins).doesNotExist();
    }

    private Datapath load(NodeConfig config) {
        return Datapath.load(TestDatapath.OBJECTS, pins, config);
    }

    private static NodeConfig otherConfig() {
        return new NodeConfig(
                Address.of("172.18.0.12"),
                Address.ofIpv4(0),
                TestDatapath.CONFIG.podRange(),
                TestDatapath.CONFIG.clusterRange(),
                TestDatapath.CONFIG.deviceIfindex(),
                TestDatapath.CONFIG.deviceMac(),
                0,
                NodeConfig.Routing.DIRECT,
                false);
    }

    /** The kernel's number of everything pinned. */
    private Map<String, Integer> numbers() {
        var numbers = new TreeMap<String, Integer>();
        for (var directory : new String[] {"maps", "programs"}) {
            for (var pin : Pins.in(pins.resolve(directory))) {
                int fd = BpfSyscall.get(pin);
                numbers.put(directory + "/" + pin.getFileName(), BpfSyscall.id(fd));
                BpfSyscall.close(fd);
            }
        }
        return numbers;
    }
}
