// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every object in every variant that a config can make of it, through the kernel's verifier. */
@Tag("privileged")
class VerifierLoadTest {
    private static final List<String> PROGRAMS = List.of(
            "from_pod",
            "to_pod",
            "from_netdev",
            "to_netdev",
            "from_overlay",
            "to_overlay",
            "connect4",
            "connect6",
            "sendmsg4",
            "sendmsg6",
            "recvmsg4",
            "recvmsg6",
            "getpeername4",
            "getpeername6");

    private final Path pins = TestDatapath.newPins();

    @AfterEach
    void remove() {
        Datapath.remove(pins);
    }

    @ParameterizedTest
    @CsvSource({"VXLAN, true", "VXLAN, false", "DIRECT, true", "DIRECT, false"})
    void everyProgramOfEveryVariantIsAccepted(Routing routing, boolean masquerade) {
        var plain = TestDatapath.CONFIG;
        var config = new NodeConfig(
                plain.nodeAddress(),
                plain.ingressAddress(),
                plain.podRange(),
                plain.clusterRange(),
                plain.deviceIfindex(),
                plain.deviceMac(),
                plain.overlayIfindex(),
                routing,
                masquerade);
        try (var datapath = (PinnedDatapath) Datapath.load(TestDatapath.OBJECTS, pins, config)) {
            assertThat(PROGRAMS)
                    .allSatisfy(name -> assertThat(datapath.program(name).id()).isPositive());
        }
    }

    @Test
    void anObjectThatIsNoneIsRefusedByName(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("from_pod.bpf.o"), "not an object");
        assertThatThrownBy(() -> Datapath.load(directory, pins, TestDatapath.CONFIG))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("from_pod.bpf.o");
    }

    @Test
    void aFolderWithoutObjectsIsRefused(@TempDir Path directory) {
        assertThatThrownBy(() -> Datapath.load(directory, pins, TestDatapath.CONFIG))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("no .bpf.o files");
    }
}
