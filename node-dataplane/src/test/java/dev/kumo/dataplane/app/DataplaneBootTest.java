// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing is there: no API server, no control service, no CA, no token, no state. */
@QuarkusTest
@TestProfile(DataplaneBootTest.NothingAround.class)
class DataplaneBootTest {
    public static class NothingAround implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                var node = Files.createTempDirectory(Path.of("target"), "boot");
                return Map.of(
                        "kumo.node-name", "w1",
                        "kumo.api-servers", "",
                        "kumo.paths.run", node.resolve("run").toString(),
                        "kumo.paths.bpf", node.resolve("bpf").toString(),
                        "kumo.paths.state", node.resolve("state").toString(),
                        "kumo.paths.objects", node.resolve("objects").toString(),
                        "kumo.paths.authorities", node.resolve("ca.crt").toString(),
                        "kumo.paths.token", node.resolve("token").toString(),
                        "kumo.paths.cni-config", node.resolve("net.d").toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void isAliveAndStartedWithoutAnythingAround() {
        given().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        given().get("/q/health/started").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void isNotReadyAndSaysWhy() {
        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("status", equalTo("DOWN"))
                .body("checks.find { it.name == 'node' }.data.reason", equalTo("POOL_UNKNOWN"))
                .body(
                        "checks.find { it.name == 'node' }.data.message",
                        equalTo("this node's address and pod range are not known yet"));
    }

    @Test
    void countsWhatItDoes() {
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("kumo_ready 0.0"))
                .body(containsString("kumo_feed_in_sync{feed=\"policy\"} 0.0"))
                .body(containsString("kumo_feed_items{feed=\"announcement\"} 0.0"));
    }
}
