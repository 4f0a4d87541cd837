// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The service as a whole where no API server can be reached. */
@QuarkusTest
class L2AnnouncerTest {
    @Test
    void livesAndWaitsForItsTables() {
        when().get("/q/health/live").then().statusCode(200);
        when().get("/q/health/started").then().statusCode(200);
        when().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body(
                        "checks.find { it.name == 'feed' }.data.waitingForTables",
                        equalTo("services, endpointslices, nodes, ciliuml2announcementpolicies, leases"));
    }

    @Test
    void tellsItsStateWithoutSecrets() {
        when().get("/status")
                .then()
                .statusCode(200)
                .body("service", equalTo("l2-announcer"))
                .body("leader", is(false))
                .body("tables.leases.synced", is(false))
                .body("feed.serving", is(true))
                .body("feed.items", is(-1));
    }

    @Test
    void exportsItsBuildItsTablesAndItsAnnouncements() {
        when().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("kumo_build_info{"))
                .body(containsString("kumo_leader 0.0"))
                .body(containsString("kumo_l2_addresses{state=\"answered\"} 0.0"))
                .body(containsString("kumo_table_synced{table=\"leases\"} 0.0"));
    }
}
