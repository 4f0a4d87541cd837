// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import dev.kumo.dataplane.bpf.ChildCapabilities;
import dev.kumo.dataplane.envoy.AdsServer;
import dev.kumo.dataplane.envoy.ConnectedEnvoy;
import dev.kumo.dataplane.envoy.EmbeddedEnvoy;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock Envoy as the dataplane's child. */
@Tag("privileged")
class EmbeddedEnvoyTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private AdsServer ads;
    private EmbeddedEnvoy envoy;

    @BeforeEach
    void start() throws Exception {
        ads = AdsServer.start(folder.resolve("ads.sock"));
        var bootstrap = EnvoyProcess.writeBootstrap(folder, folder.resolve("ads.sock"), folder.resolve("admin.sock"));
        envoy = EmbeddedEnvoy.start(new EmbeddedEnvoy.Settings(
                EnvoyBinary.path(), bootstrap, folder.resolve("admin.sock"), "w1", ChildCapabilities::netAdminAlone));
        await().atMost(LONG).until(ads::isConnected);
    }

    @AfterEach
    void stop() throws Exception {
        envoy.close();
        ads.close();
    }

    @Test
    void oneThatIsKilledComesBackAndIsServedWhatThereIs() throws Exception {
        var cluster = new ResourceName(ResourceType.CLUSTER, "c");
        ads.publish(List.of(resource()), List.of());
        await().atMost(LONG).until(() -> ads.isHeld(resource()));
        var first = child();
        var connected = ads.envoys().getFirst();

        first.destroyForcibly();

        await().atMost(LONG)
                .until(() -> ads.envoys().stream().map(ConnectedEnvoy::since).anyMatch(connected.since()::isBefore));
        await().atMost(LONG).until(() -> ads.isHeld(resource()));
        assertThat(child().pid()).isNotEqualTo(first.pid());
        assertThat(child().isAlive()).isTrue();
        assertThat(ads.refusals()).doesNotContainKey(cluster);
    }

    @Test
    void itHasNetAdminAlone() throws Exception {
        var status = Files.readAllLines(Path.of("/proc", Long.toString(child().pid()), "status"));
        assertThat(status)
                .contains("CapPrm:\t0000000000001000", "CapEff:\t0000000000001000", "CapBnd:\t0000000000001000")
                .contains("NoNewPrivs:\t1");
        assertThat(Files.readAllLines(Path.of("/proc/self/status")))
                .as("the dataplane keeps what it has")
                .doesNotContain("CapEff:\t0000000000001000", "CapBnd:\t0000000000001000");
    }

    @Test
    void itEndsWithTheDataplane() throws Exception {
        var running = child();
        envoy.close();
        assertThat(running.isAlive()).isFalse();
        await().atMost(LONG).until(() -> !ads.isConnected());
    }

    private ProcessHandle child() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info()
                        .command()
                        .filter(EnvoyBinary.path().toString()::equals)
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static EnvoyResource resource() {
        return EnvoyResource.of(
                new ResourceName(ResourceType.CLUSTER, "c"),
                Any.pack(Cluster.newBuilder().setName("c").build()));
    }
}
