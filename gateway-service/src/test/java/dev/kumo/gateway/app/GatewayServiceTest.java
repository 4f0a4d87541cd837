// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The service as a whole where no API server can be reached. */
@QuarkusTest
class GatewayServiceTest {
    @Test
    void isAliveButNotReadyWithoutTheApiServerAndSaysWhatItWaitsFor() {
        when().get("/q/health/live").then().statusCode(200);
        when().get("/q/health/started").then().statusCode(200);
        when().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body(
                        "checks.find { it.name == 'feed' }.data.waitingForTables",
                        containsString(
                                "gatewayclasses, gateways, httproutes, referencegrants, ingressclasses, ingresses,"
                                        + " services, namespaces, nodes"))
                .body("checks.find { it.name == 'feed' }.data.serving", is(true));
    }

    @Test
    void tellsItsStateWithoutSecrets() {
        when().get("/status")
                .then()
                .statusCode(200)
                .body("service", equalTo("gateway-service"))
                .body("leader", is(false))
                .body("feed.serving", is(true))
                .body("feed.items", is(-1));
    }

    @Test
    void exportsItsBuildAndItsTables() {
        when().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("kumo_build_info{"))
                .body(containsString("kumo_leader 0.0"))
                .body(containsString("kumo_table_synced{table=\"gateways\"} 0.0"));
    }
}
