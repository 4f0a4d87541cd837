// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import static dev.kumo.dataplane.envoy.Resources.cluster;
import static dev.kumo.dataplane.envoy.Resources.endpoints;
import static dev.kumo.dataplane.envoy.Resources.listener;
import static dev.kumo.dataplane.envoy.Resources.routes;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import org.junit.jupiter.api.Test;

class AdsStreamTest {
    private final FakeEnvoy envoy = new FakeEnvoy();

    /** A started Envoy that has been told that there is nothing. */
    private void connect() {
        envoy.subscribe(ResourceType.CLUSTER);
        envoy.subscribe(ResourceType.LISTENER);
        assertThat(envoy.ackAll()).containsExactly("CLUSTER", "LISTENER");
    }

    @Test
    void saysThatThereIsNothingSoThatEnvoyNeedNotWait() {
        connect();
        assertThat(envoy.inbox()).isEmpty();
    }

    @Test
    void addsReferentsBeforeReferrers() {
        connect();
        envoy.put(routes("r", 1), listener("l", 1), endpoints("c", 1), cluster("c", 1));
        assertThat(envoy.inbox()).containsExactly("CLUSTER +c");
        envoy.subscribe(ResourceType.ENDPOINTS, "c");
        assertThat(envoy.inbox())
                .as("a warming cluster is not acknowledged")
                .containsExactly("CLUSTER +c", "ENDPOINTS +c");
        envoy.ack(ResourceType.ENDPOINTS);
        assertThat(envoy.inbox()).containsExactly("CLUSTER +c");
        envoy.ack(ResourceType.CLUSTER);
        assertThat(envoy.inbox()).containsExactly("LISTENER +l");
        envoy.subscribe(ResourceType.ROUTES, "r");
        assertThat(envoy.inbox()).containsExactly("LISTENER +l");
        assertThat(envoy.ackAll()).containsExactly("LISTENER +l", "ROUTES +r");
    }

    @Test
    void removesReferrersBeforeReferents() {
        loaded();
        envoy.put(routes("r", 2));
        envoy.remove(ResourceType.ENDPOINTS, "c");
        envoy.remove(ResourceType.CLUSTER, "c");
        assertThat(envoy.ackAll()).containsExactly("ROUTES +r", "CLUSTER -c", "ENDPOINTS -c");
    }

    @Test
    void aChangedClusterGetsItsEndpointsAgainAndRoutesWaitForThem() {
        loaded();
        envoy.put(cluster("c", 2), routes("r", 2));
        assertThat(envoy.inbox()).containsExactly("CLUSTER +c", "ENDPOINTS +c");
        envoy.ack(ResourceType.ENDPOINTS);
        assertThat(envoy.inbox()).containsExactly("CLUSTER +c");
        envoy.ack(ResourceType.CLUSTER);
        assertThat(envoy.inbox()).containsExactly("ROUTES +r");
    }

    @Test
    void aClusterThatNeverWarmsUpHoldsItsReferrersBackOnlyForAWhile() {
        loaded();
        envoy.put(cluster("cold", 1), routes("r", 2));
        assertThat(envoy.inbox()).containsExactly("CLUSTER +cold");
        envoy.stream.giveUpOn("an earlier one");
        assertThat(envoy.inbox()).containsExactly("CLUSTER +cold");
        envoy.stream.giveUpOn(envoy.clustersSent);
        assertThat(envoy.inbox()).containsExactly("CLUSTER +cold", "ROUTES +r");
        assertThat(envoy.unanswered).containsExactly("cold");
        envoy.remove(ResourceType.CLUSTER, "cold");
        envoy.ack(ResourceType.ROUTES);
        assertThat(envoy.inbox()).containsExactly("CLUSTER +cold", "CLUSTER -cold");
        envoy.nack("too late to matter");
        assertThat(envoy.refusals).containsExactly("cold: too late to matter");
    }

    @Test
    void endpointsThatDoNotExistAreToldSoAtOnceBecauseAClusterWaitsForThem() {
        loaded();
        envoy.put(cluster("empty", 1), listener("l", 2));
        envoy.subscribe(ResourceType.ENDPOINTS, "empty");
        assertThat(envoy.inbox()).containsExactly("CLUSTER +empty", "ENDPOINTS -empty");
    }

    @Test
    void oneChangeIsOneSmallResource() {
        loaded();
        envoy.put(endpoints("c", 2));
        assertThat(envoy.ackAll()).containsExactly("ENDPOINTS +c");
        envoy.put(endpoints("c", 2), routes("r", 1), cluster("c", 1));
        assertThat(envoy.inbox()).as("equal content").isEmpty();
    }

    @Test
    void changesDuringAnOutstandingResponseAreSquashed() {
        loaded();
        envoy.put(endpoints("c", 2));
        envoy.put(endpoints("c", 3));
        envoy.put(endpoints("c", 4));
        assertThat(envoy.inbox()).containsExactly("ENDPOINTS +c");
        assertThat(envoy.ackAll()).containsExactly("ENDPOINTS +c", "ENDPOINTS +c");
        envoy.put(endpoints("c", 5));
        envoy.put(endpoints("c", 6));
        envoy.put(endpoints("c", 5));
        assertThat(envoy.ackAll()).as("undone before it was sent").containsExactly("ENDPOINTS +c");
    }

    @Test
    void anEnvoyThatReconnectsIsSentOnlyWhatDiffers() {
        var same = cluster("same", 1);
        envoy.put(same, cluster("changed", 2), cluster("new", 1), endpoints("same", 1));
        envoy.request(
                ResourceType.CLUSTER,
                DeltaDiscoveryRequest.newBuilder()
                        .putInitialResourceVersions("same", same.version())
                        .putInitialResourceVersions("changed", "older")
                        .putInitialResourceVersions("gone", "any"));
        envoy.request(
                ResourceType.ENDPOINTS,
                DeltaDiscoveryRequest.newBuilder()
                        .addResourceNamesSubscribe("same")
                        .putInitialResourceVersions("same", endpoints("same", 1).version()));
        assertThat(envoy.ackAll()).containsExactly("CLUSTER +changed +new", "CLUSTER -gone");
    }

    @Test
    void aNameThatDoesNotExistIsToldSoOnceAndSentWhenItComes() {
        connect();
        envoy.subscribe(ResourceType.ROUTES, "r");
        assertThat(envoy.ackAll()).containsExactly("ROUTES -r");
        envoy.remove(ResourceType.ROUTES, "r");
        assertThat(envoy.inbox()).isEmpty();
        envoy.put(routes("r", 1), routes("other", 1));
        assertThat(envoy.ackAll()).containsExactly("ROUTES +r");
        envoy.request(ResourceType.ROUTES, DeltaDiscoveryRequest.newBuilder().addResourceNamesUnsubscribe("r"));
        envoy.put(routes("r", 2));
        assertThat(envoy.inbox()).isEmpty();
        envoy.subscribe(ResourceType.ROUTES, "r");
        assertThat(envoy.ackAll()).containsExactly("ROUTES +r");
    }

    @Test
    void aRefusedResourceIsFoundAmongOthersAndNotSentAgainUntilItChanges() {
        connect();
        envoy.put(cluster("a", 1));
        envoy.put(cluster("bad", 1), cluster("c", 1));
        envoy.ack();
        assertThat(envoy.inbox()).containsExactly("CLUSTER +bad +c");
        envoy.nack("one of them");
        assertThat(envoy.refusals).as("nobody knows which").isEmpty();
        assertThat(envoy.inbox()).containsExactly("CLUSTER +bad");
        envoy.nack("no prime");
        assertThat(envoy.inbox()).containsExactly("CLUSTER +c");
        envoy.ack();
        assertThat(envoy.refusals).containsExactly("bad: no prime");
        assertThat(envoy.inbox()).isEmpty();
        envoy.put(cluster("bad", 2));
        assertThat(envoy.ackAll()).containsExactly("CLUSTER +bad");
        assertThat(envoy.accepted).contains(new ResourceName(ResourceType.CLUSTER, "bad"));
    }

    @Test
    void aFullTransportGetsTheLatestWhenItIsReadyAgain() {
        loaded();
        envoy.ready = false;
        envoy.put(endpoints("c", 2));
        envoy.put(endpoints("c", 3));
        assertThat(envoy.inbox()).isEmpty();
        envoy.ready = true;
        envoy.stream.flush();
        assertThat(envoy.ackAll()).containsExactly("ENDPOINTS +c");
    }

    @Test
    void anAnswerToAnOlderResponseIsNotTakenForTheOutstandingOne() {
        loaded();
        envoy.put(routes("r", 2));
        envoy.request(ResourceType.ROUTES, DeltaDiscoveryRequest.newBuilder().setResponseNonce("1"));
        envoy.put(routes("r", 3));
        assertThat(envoy.inbox()).containsExactly("ROUTES +r");
    }

    private void loaded() {
        connect();
        envoy.put(cluster("c", 1), endpoints("c", 1), listener("l", 1), routes("r", 1));
        envoy.subscribe(ResourceType.ENDPOINTS, "c");
        envoy.ackAll();
        envoy.subscribe(ResourceType.ROUTES, "r");
        assertThat(envoy.ackAll()).containsExactly("ROUTES +r");
    }
}
